"""One night at Acme: sixteen alerts of six tools that are one story, from a mail to encryption."""

from socplatform.demo.night_evening import EVENING
from socplatform.demo.night_late import AFTER_MIDNIGHT

STEPS = EVENING + AFTER_MIDNIGHT
