"""A platform's colour reaches its pages, and only its own."""

from tests.cast import Platforms, stranger


def test_each_platform_has_its_own_colour(platforms: Platforms) -> None:
    for platform in (platforms.acme, platforms.globex):
        response = stranger(platform).get("/brand.css")

        assert response["Content-Type"] == "text/css"
        assert platform.accent in response.content.decode()


def test_the_address_of_the_colour_changes_with_it(platforms: Platforms) -> None:
    page = stranger(platforms.acme).get("/sign-in/").content.decode()

    assert f"/brand.css?{platforms.acme.accent[1:]}" in page


def test_the_mark_is_the_first_letter(platforms: Platforms) -> None:
    response = stranger(platforms.globex).get("/brand.svg")

    assert response["Content-Type"] == "image/svg+xml"
    assert ">G</text>" in response.content.decode()
