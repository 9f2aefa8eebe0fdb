"""Pages as a browser reads them, without a browser."""

from fastapi.testclient import TestClient
from lxml import html


def read(client: TestClient, url: str) -> html.HtmlElement:
    """A page that is there."""
    response = client.get(url)
    assert response.status_code == 200, response.text
    return html.document_fromstring(response.text)


def links_in(page: html.HtmlElement, element: str) -> list[str]:
    """Where the links lead that the elements of a name hold."""
    return [str(link) for link in page.xpath(f"//{element}//a/@href")]


def holds_no_markup_of_others(page: html.HtmlElement) -> bool:
    """Whether nothing on a page acts or is fetched that is none of ours."""
    foreign = "//*[@onerror or @onload] | //script[not(starts-with(@src, '/static/'))]"
    return not page.xpath(f"{foreign} | //img[not(starts-with(@src, '/static/'))]")
