"""What wards and districts do: answer findings, assess themselves."""

urlpatterns = []
