"""PyPI's google-auth against practice: a key file becomes a token, and one flipped bit becomes none.

    python service_account.py BASE KEY_FILE

BASE is where practice runs, such as http://127.0.0.1:47840; KEY_FILE is a service account's key that practice made. Prints
one line of JSON and exits with 1 if something did not come out as it should.
"""

import json
import sys

import google.auth.exceptions
import google.auth.transport.requests
from google.auth import crypt
from google.oauth2 import service_account

SCOPES = ["https://www.googleapis.com/auth/bigquery"]
# Every one of these many bits of the signature is flipped once: the first, the last, and evenly between.
FLIPS = 64


class Flipping(crypt.Signer):
    """Signs as another signer does, and flips one bit of what comes out."""

    def __init__(self, signer, bit):
        self._signer = signer
        self._bit = bit

    @property
    def key_id(self):
        return self._signer.key_id

    def sign(self, message):
        signature = bytearray(self._signer.sign(message))
        signature[self._bit // 8] ^= 0x80 >> (self._bit % 8)
        return bytes(signature)


def credentials(info, signer=None):
    made = service_account.Credentials.from_service_account_info(info, scopes=SCOPES)
    if signer is not None:
        made._signer = signer
    return made


def refused(info, transport, signer):
    """Whether a token is refused, and for the right reason."""
    try:
        credentials(info, signer).refresh(transport)
    except google.auth.exceptions.RefreshError as error:
        answer = error.args[1] if len(error.args) > 1 else {}
        return answer.get("error") == "invalid_grant" and "Signature" in answer.get("error_description", "")
    return False


def main(base, key_file):
    with open(key_file, encoding="utf-8") as file:
        info = json.load(file)
    info["token_uri"] = f"{base}/oauth2.googleapis.com/token"
    transport = google.auth.transport.requests.Request()

    good = credentials(info)
    good.refresh(transport)
    session = google.auth.transport.requests.AuthorizedSession(good)
    call = session.get(f"{base}/bigquery.googleapis.com/bigquery/v2/projects/practice/datasets")
    account = call.json().get("as", {}).get("account")

    bits = len(good.signer.sign(b"x")) * 8
    places = sorted({round(n * (bits - 1) / (FLIPS - 1)) for n in range(FLIPS)})
    flipped = sum(refused(info, transport, Flipping(good.signer, bit)) for bit in places)

    works = good.valid and good.token.startswith("practice-") and account == info["client_email"]
    print(json.dumps({"token": good.valid, "called_as": account, "flipped": len(places), "refused": flipped}))
    return 0 if works and flipped == len(places) else 1


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1].rstrip("/"), sys.argv[2]))
