"""Routes are made once for each application, and no sooner than somebody wants to know anything of them."""

import threading
from typing import Annotated

import pytest
from fastapi import Depends, FastAPI
from fastapi.testclient import TestClient

from app.rest.routing import Route, Router, add_routes


def greeting() -> str:
    """What is answered."""
    return "hello"


def test_nothing_is_found_out_before_somebody_asks() -> None:
    """What no route can take is told when the route is asked for, not where it is declared or added."""
    router = Router()

    @router.get("/wrong")
    def take(whatever: threading.Thread) -> None:
        """Take what no request holds."""

    app = FastAPI()
    add_routes(app, router)
    with pytest.raises(Exception, match="Invalid args"):
        TestClient(app).get("/right")


def test_applications_have_routes_of_their_own() -> None:
    """What one of them puts in the place of a dependency does not reach another; prefix and dependencies are added."""
    router, asked = Router(prefix="/all"), []

    @router.get("/greeting")
    def greet(said: Annotated[str, Depends(greeting)]) -> str:
        """Greet."""
        return said

    first, second = FastAPI(), FastAPI()
    for app in (first, second):
        add_routes(app, router, "/v1", dependencies=[Depends(lambda: asked.append("before"))])
    first.dependency_overrides[greeting] = lambda: "hallo"
    assert [TestClient(app).get("/v1/all/greeting").json() for app in (first, second)] == ["hallo", "hello"]
    assert asked == ["before", "before"]


def test_threads_that_ask_for_a_route_at_the_same_time_find_it_whole() -> None:
    """One of them makes it, and the others wait; what it does not have it says it lacks."""
    made = 0
    others: list[threading.Thread] = []
    found: list[object] = []

    class Counted(Route):
        def get_route_handler(self):  # type: ignore[no-untyped-def]
            nonlocal made
            made += 1
            for _ in range(2):
                others.append(threading.Thread(target=lambda: found.append(self.app)))
                others[-1].start()
            return super().get_route_handler()

    route = Counted("/greeting", greeting)
    assert route.path == "/greeting"
    for thread in others:
        thread.join()
    assert (made, found) == (1, [route.app, route.app])
    assert not hasattr(route, "nothing")
