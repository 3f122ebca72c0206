from django.urls import path

from archiveportal.accounts import administration, first_link_views, manage_views, views

app_name = "accounts"
urlpatterns = [
    path("dang-nhap/", views.SignIn.as_view(), name="sign-in"),
    path("dang-xuat/", views.SignOut.as_view(), name="sign-out"),
    path("mat-khau/", views.change_password, name="change-password"),
    path("quen-mat-khau/", views.reset, name="reset"),
    path("quen-mat-khau/da-gui/", views.reset_done, name="reset-done"),
    path("quen-mat-khau/xong/", views.reset_complete, name="reset-complete"),
    path("quen-mat-khau/<uidb64>/<token>/", views.ResetConfirm.as_view(), name="reset-confirm"),
    path("", manage_views.account_list, name="list"),
    path("them/", manage_views.create, name="create"),
    path("nhat-ky/", administration.journal, name="journal"),
    path("lan-dau/", first_link_views.first_links, name="first-links"),
    path("lan-dau/gui-lai/", first_link_views.send, name="first-links-send"),
    path("lan-dau/phieu/", first_link_views.slips, name="slips"),
    path("lan-dau/<int:pk>/<slug:token>/", first_link_views.first_use, name="first-use"),
    path("<int:pk>/", manage_views.edit, name="edit"),
    path("<int:pk>/ban-giao/", manage_views.hand_over_page, name="hand-over"),
    path("<int:pk>/mat-khau-moi/", manage_views.new_password, name="new-password"),
]
