from django.urls import path

from criteria import act_views, views
from criteria.building import urls as building

app_name = "criteria"
urlpatterns = [
    path("", views.set_list, name="list"),
    path("van-ban/", act_views.act_list, name="acts"),
    path("van-ban/them/", act_views.act_create, name="act-create"),
    path("van-ban/<int:pk>/", act_views.act_edit, name="act-edit"),
    path("<int:pk>/can-cu/", act_views.citations, name="citations"),
    path("<int:pk>/can-cu/<int:citation>/bo/", act_views.citation_remove, name="citation-remove"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/phien-ban-moi/", views.copy, name="copy"),
    path("<int:pk>/sua/", views.edit, name="edit"),
    path("<int:pk>/cau-mau/", views.stock, name="stock"),
    path("<int:pk>/cau-kien-nghi/", views.recommend, name="recommendations"),
    path("<int:pk>/ap-dung/", views.publish, name="publish"),
    *building.urlpatterns,
]
