def test_home(cast, sign_in):
    assert sign_in(cast.inspector).get("/").status_code == 200
