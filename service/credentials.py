"""Who we are to a database elsewhere: from the environment, or from files with one line each."""

import logging
from pathlib import Path

from graph.remote import Credentials
from service.settings import BY_NAME, InvalidSetting, Settings
from service.text import visible

_LOG = logging.getLogger("therascape.service")
_READABLE_BY_OTHERS = 0o044
_LONGEST = 65_536


def credentials_of(settings: Settings) -> Credentials:
    """Return the user, the password and the token; files are read anew each time.

    Raises InvalidSetting, whose message has no secret.
    """
    password = _secret("engine_password", settings.engine_password, settings.engine_password_file)
    token = _secret("engine_token", settings.engine_token, settings.engine_token_file)
    if token is not None and not (token.isascii() and token.isprintable() and " " not in token):
        row = BY_NAME["engine_token"]
        raise InvalidSetting(f"{row.variable}: a token has no blanks, and letters of ASCII only")
    if settings.engine_user is not None and not settings.engine_user.isprintable():
        row = BY_NAME["engine_user"]
        raise InvalidSetting(f"{row.variable}: a name of a user has no control characters")
    return Credentials(settings.engine_user, password, token)


def _secret(name: str, value: str | None, file: str | None) -> str | None:
    if file is None:
        return value
    row = BY_NAME[f"{name}_file"]
    if value is not None:
        raise InvalidSetting(f"{row.variable}: {BY_NAME[name].variable} is set too; leave one out")
    path = Path(file)
    where = f"{row.flag} ({row.variable}): {visible(file)}"
    try:
        with path.open("rb") as opened:
            data = opened.read(_LONGEST + 1)
        text, mode = data.decode(), path.stat().st_mode
    except OSError as error:
        raise InvalidSetting(f"{where}: it cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise InvalidSetting(f"{where}: byte {error.start} is not UTF-8") from None
    text = text.removesuffix("\n").removesuffix("\r")
    if not text or not text.isprintable() or len(data) > _LONGEST:
        raise InvalidSetting(f"{where}: one line is expected, with nothing else in it")
    if mode & _READABLE_BY_OTHERS:
        _LOG.warning("others on this machine can read %s: `chmod 600 %s`", path, path)
    return text
