from django.urls import path

from criteria.inspections.views import checklist, evidence, sending

urlpatterns = [
    path("phieu/<int:pk>/luu/", sending.save, name="save"),
    path("phieu/<int:pk>/", checklist.checklist, name="checklist"),
    path("phieu/<int:pk>/in/", checklist.blank, name="blank"),
    path("phieu/<int:pk>/lich-su/", checklist.history, name="history"),
    path("phieu/<int:pk>/cau-mau/", checklist.stock, name="stock"),
    path("phieu/<int:pk>/huong-dan/", checklist.guidance, name="guidance"),
    path("phieu/<int:pk>/tra-loi/<int:kept>/", sending.settle, name="settle"),
    path("phieu/<int:pk>/minh-chung/", evidence.add, name="evidence"),
    path("phieu/<int:pk>/minh-chung/them/<slug:code>/", evidence.add_page, name="evidence-add"),
    path("phieu/<int:pk>/minh-chung/<int:evidence>/", evidence.item, name="evidence-item"),
    path("phieu/<int:pk>/minh-chung/<int:evidence>/noi-dung/", evidence.describe, name="evidence-describe"),
    path("phieu/<int:pk>/minh-chung/<int:evidence>/huy/", evidence.void, name="evidence-void"),
    path("phieu/<int:pk>/minh-chung/<int:evidence>/anh/", evidence.picture, name="evidence-picture"),
    path("phieu/<int:pk>/minh-chung/<int:evidence>/tep/", evidence.file, name="evidence-file"),
]
