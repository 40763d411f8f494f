"""Who visits a page: somebody by the name that is enrolled in the review, or nobody known."""

from starlette.requests import Request

from secondline import desk
from secondline.interfaces.web.sessions import signed_in


def person_of(request: Request) -> str | None:
    """Return the name under which a visitor is enrolled; None for somebody who only reads.

    It is that of `serve --as`, or the one with which somebody signed in. What a person may do
    stands in the review log alone: nothing else that the provider says of somebody counts.

    Raises:
        StoreError: the review log cannot be opened now.
    """
    acting: str | None = request.app.state.acting_as
    if acting is not None:
        return acting
    name = signed_in(request)
    if name is None:
        return None
    # Exactly as it is written: two accounts of one provider may differ in case alone.
    return name if any(person.name == name for person in enrolled_people(request)) else None


def enrolled_people(request: Request) -> "tuple[desk.review.Person, ...]":
    """Return everybody who is enrolled in the review.

    Raises:
        StoreError: the review log cannot be opened now.
    """
    people: tuple[desk.review.Person, ...] = request.app.state.editorial.room().people()
    return people
