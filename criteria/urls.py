from django.urls import path

from criteria import views

app_name = "criteria"
urlpatterns = [
    path("", views.set_list, name="list"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/phien-ban-moi/", views.copy, name="copy"),
    path("<int:pk>/sua/", views.edit, name="edit"),
    path("<int:pk>/cau-mau/", views.stock, name="stock"),
    path("<int:pk>/ap-dung/", views.publish, name="publish"),
]
