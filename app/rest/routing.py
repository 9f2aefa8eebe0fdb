"""Routes: declared beside their endpoints, made once for each application, when somebody first asks for them.

FastAPI makes the routes of a router where they are declared, which is a sixth of the time until the service is ready,
and once more where the router is included.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.params import Depends
from fastapi.routing import APIRoute

_making = threading.RLock()


class Route(APIRoute):
    """A route that finds out what it takes and gives when somebody first wants to know anything of it."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        self._declared = arguments, options

    def __getattr__(self, name: str) -> Any:
        with _making:
            if "_declared" in vars(self):
                arguments, options = vars(self).pop("_declared")
                super().__init__(*arguments, **options)
        return object.__getattribute__(self, name)


class Router(APIRouter):
    """Routes that belong together, as they are declared."""

    def __init__(self, *arguments: Any, route_class: type[Route] = Route, **options: Any) -> None:
        super().__init__(*arguments, route_class=route_class, **options)
        self.declared: list[tuple[str, Callable[..., Any], dict[str, Any]]] = []

    def add_api_route(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        """Keep what is declared of a route."""
        self.declared.append((path, endpoint, options))


def add_routes(
    app: FastAPI,
    router: Router,
    prefix: str = "",
    *,
    dependencies: Sequence[Depends] = (),
    responses: Mapping[int | str, dict[str, Any]] | None = None,
    include_in_schema: bool = True,
) -> None:
    """Give an application the routes of a router.

    Args:
        app: the application.
        router: what declares them.
        prefix: what their addresses begin with.
        dependencies: what each of them depends on before its own.
        responses: what each of them may answer, beside its own.
        include_in_schema: whether they are described in OpenAPI.
    """
    made = APIRouter(
        prefix=prefix + router.prefix,
        tags=router.tags,
        dependencies=[*dependencies, *router.dependencies],
        responses=dict(responses or {}),
        include_in_schema=include_in_schema and router.include_in_schema,
        route_class=router.route_class,
        dependency_overrides_provider=app,
        generate_unique_id_function=app.router.generate_unique_id_function,
    )
    for path, endpoint, options in router.declared:
        made.add_api_route(path, endpoint, **options)
    app.router.routes.extend(made.routes)
