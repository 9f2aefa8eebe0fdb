"""Signing in with an OpenID provider: the authorization code flow with PKCE, state and nonce, by Authlib."""

import hashlib
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

from pydantic import BaseModel, ConfigDict

from app.errors import ForbiddenError, UnauthorizedError, UnavailableError
from app.privacy.keys import LONGEST_NAME, KeyRole, holds
from app.privacy.sessions import EVERYWHERE, Identity
from app.settings import Settings

if TYPE_CHECKING:
    from authlib.integrations.requests_client import OAuth2Session
    from joserfc.jwk import KeySetSerialization

TIMEOUT_S = 10
CLOCK_SKEW_S = 60
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""How identities may be signed: never with the secret that we know too, and never not at all."""


class Attempt(BaseModel):
    """One attempt to sign in, kept in the browser that makes it until the provider sends it back."""

    model_config = ConfigDict(frozen=True)

    state: str
    nonce: str
    verifier: str
    back: str


def begin_sign_in(settings: Settings, redirect_uri: str, back: str) -> tuple[str, Attempt]:
    """Begin to sign in: where to send the browser, and what it has to bring back.

    Raises:
        UnavailableError: the provider cannot be asked.
    """
    attempt = Attempt(
        state=secrets.token_urlsafe(32), nonce=secrets.token_urlsafe(32), verifier=secrets.token_urlsafe(48), back=back
    )
    with _client(settings, redirect_uri) as (client, provider):
        address, _ = client.create_authorization_url(
            provider["authorization_endpoint"],
            state=attempt.state,
            nonce=attempt.nonce,
            code_verifier=attempt.verifier,
        )
    return address, attempt


def finish_sign_in(settings: Settings, redirect_uri: str, attempt: Attempt, returned: Mapping[str, str]) -> Identity:
    """Say whom the provider sends back.

    Args:
        settings: with a provider.
        redirect_uri: as it was when this began.
        attempt: what the browser kept.
        returned: the parameters that it came back with.

    Raises:
        UnauthorizedError: the provider vouches for nobody, or this is not the answer to that attempt.
        ForbiddenError: whoever it is has no role here.
        UnavailableError: the provider cannot be asked.
    """
    if not secrets.compare_digest(attempt.state.encode(), returned.get("state", "").encode()):
        raise UnauthorizedError("this sign-in was not begun in this browser: begin again")
    if "code" not in returned:
        raise UnauthorizedError("the provider did not sign you in")
    with _client(settings, redirect_uri) as (client, provider):
        token = client.fetch_token(
            provider["token_endpoint"], code=returned["code"], code_verifier=attempt.verifier, timeout=TIMEOUT_S
        )
        keys = client.get(provider["jwks_uri"], withhold_token=True, timeout=TIMEOUT_S).json()
        claims = _verified(token, keys, settings, provider["issuer"], attempt.nonce)
    return _identity(claims, settings)


def _identity(claims: Mapping[str, Any], settings: Settings) -> Identity:
    """Who it is, with the roles that the settings give to the values of the claim."""
    grants: dict[str, KeyRole] = {}
    values = claims.get(settings.oidc_claim, [])
    for value in values if isinstance(values, list) else [values]:
        role, _, study = settings.oidc_roles.get(str(value), "").partition("@")
        if role and not holds(grants.get(study or EVERYWHERE), KeyRole(role)):
            grants[study or EVERYWHERE] = KeyRole(role)
    if not grants:
        raise ForbiddenError("you have no role here: whoever runs Verbatim gives roles with VERBATIM_OIDC_ROLES")
    who = f"{claims['iss']} {claims['sub']}"
    name = claims.get("name") or claims.get("preferred_username") or claims.get("email") or claims["sub"]
    return Identity(f"oidc-{hashlib.sha256(who.encode()).hexdigest()[:12]}", str(name)[:LONGEST_NAME], grants)


def _verified(
    token: Mapping[str, Any], keys: dict[str, Any], settings: Settings, issuer: str, nonce: str
) -> dict[str, Any]:
    """The claims of an identity whose signature, issuer, audience, times and nonce are right."""
    from authlib.oidc.core import CodeIDToken
    from joserfc import jwt
    from joserfc.jwk import KeySet

    signed = jwt.decode(
        token["id_token"], KeySet.import_key_set(cast("KeySetSerialization", keys)), algorithms=list(ALGORITHMS)
    )
    claims = CodeIDToken(
        signed.claims,
        signed.header,
        options={
            "iss": {"essential": True, "value": issuer},
            "aud": {"essential": True, "value": settings.oidc_client_id},
        },
        params={"nonce": nonce, "client_id": settings.oidc_client_id, "access_token": token.get("access_token")},
    )
    claims.validate(leeway=CLOCK_SKEW_S)
    return dict(claims)


@contextmanager
def _client(settings: Settings, redirect_uri: str) -> Iterator[tuple["OAuth2Session", dict[str, Any]]]:
    """A client of the provider, and what the provider says of itself."""
    from authlib.common.errors import AuthlibBaseError
    from authlib.integrations.requests_client import OAuth2Session
    from joserfc.errors import JoseError
    from requests import RequestException

    secret = settings.oidc_client_secret
    client = OAuth2Session(
        settings.oidc_client_id,
        secret.get_secret_value() if secret else None,
        token_endpoint_auth_method="client_secret_basic" if secret else "none",
        scope="openid profile email",
        redirect_uri=redirect_uri,
        code_challenge_method="S256",
    )
    issuer = (settings.oidc_issuer or "").rstrip("/")
    try:
        with client:
            found = client.get(f"{issuer}/.well-known/openid-configuration", withhold_token=True, timeout=TIMEOUT_S)
            found.raise_for_status()
            provider = found.json()
            if str(provider.get("issuer", "")).rstrip("/") != issuer:
                raise UnavailableError("the OpenID provider calls itself otherwise: correct VERBATIM_OIDC_ISSUER")
            yield client, provider
    except (AuthlibBaseError, JoseError) as error:
        raise UnauthorizedError("what the OpenID provider sent cannot be trusted: begin again") from error
    except (RequestException, KeyError, ValueError) as error:
        raise UnavailableError("the OpenID provider cannot be asked: try again later") from error
