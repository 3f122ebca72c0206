from django.contrib.auth import views as auth
from django.urls import path

app_name = "accounts"
urlpatterns = [
    path("dang-nhap/", auth.LoginView.as_view(), name="sign-in"),
    path("dang-xuat/", auth.LogoutView.as_view(), name="sign-out"),
    path("mat-khau/", auth.PasswordChangeView.as_view(), name="change-password"),
    path("", auth.LoginView.as_view(), name="list"),
]
