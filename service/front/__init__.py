"""The outermost layer: bytes from clients to a WSGI application, and its answers back.

It bears with clients that are slow, leave, or send nonsense, so that the application sees complete
requests only, and it gives answers again that it has given already.
"""

from service.front.application import Front
from service.front.limits import Limits
from service.front.observer import Again, Observer, Observers, Outcome

__all__ = ["Again", "Front", "Limits", "Observer", "Observers", "Outcome"]
