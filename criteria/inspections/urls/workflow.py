from django.urls import path

from criteria.inspections.views import workflow

urlpatterns = [
    path("phieu/<int:pk>/trinh-duyet/", workflow.submit, name="submit"),
    path("phieu/<int:pk>/tra-lai/", workflow.send_back, name="return"),
    path("phieu/<int:pk>/phe-duyet/", workflow.approve, name="approve"),
    path("phieu/<int:pk>/mo-lai/", workflow.reopen, name="reopen"),
]
