"""PyPI's requests-oauthlib against practice: three legs of OAuth 1.0a and a call, and one flipped bit that is refused.

    python oauth_1.py BASE

BASE is where practice runs, such as http://127.0.0.1:47840. Prints one line of JSON and exits with 1 if something did not
come out as it should.
"""

import base64
import json
import re
import sys
import urllib.parse

import requests
from requests_oauthlib import OAuth1, OAuth1Session

# Practice takes an unregistered consumer that signs with this secret.
CONSUMER = ("referee", "practice-secret-that-opens-nothing-else")
CALLBACK = "http://127.0.0.1:47823/auth/oauth2/callback?state=s"
BITS = 160


class Flipping(OAuth1):
    """Signs as its base does, and flips one bit of the signature on its way out."""

    def __init__(self, *words, bit, **more):
        super().__init__(*words, **more)
        self.bit = bit

    def __call__(self, request):
        request = super().__call__(request)
        header = request.headers["Authorization"]
        header = header.decode() if isinstance(header, bytes) else header
        found = re.search(r'oauth_signature="([^"]+)"', header)
        signature = bytearray(base64.b64decode(urllib.parse.unquote(found.group(1))))
        signature[self.bit // 8] ^= 0x80 >> (self.bit % 8)
        changed = urllib.parse.quote(base64.b64encode(bytes(signature)).decode(), safe="")
        request.headers["Authorization"] = header.replace(found.group(1), changed)
        return request


def allow(base, page):
    """What a browser does with the consent page."""
    pending = re.search(r'name="request" value="([^"]+)"', page.text).group(1)
    decision = {"request": pending, "person": "1003", "decision": "allow"}
    answer = requests.post(f"{base}/practice/consent", data=decision, allow_redirects=False, timeout=10)
    return answer.headers["Location"]


def main(base):
    api = f"{base}/api.twitter.com"
    session = OAuth1Session(*CONSUMER, callback_uri=CALLBACK)
    temporary = session.fetch_request_token(f"{api}/oauth/request_token")
    asked = session.authorization_url(f"{api}/oauth/authorize")
    back = allow(base, requests.get(asked, timeout=10))
    session.parse_authorization_response(back)
    tokens = session.fetch_access_token(f"{api}/oauth/access_token")

    url = f"{api}/1.1/account/verify_credentials.json?include_email=true&skip_status=true"
    who = session.get(url, timeout=10)
    signed = {"resource_owner_key": tokens["oauth_token"], "resource_owner_secret": tokens["oauth_token_secret"]}
    refused = 0
    for bit in range(BITS):
        answer = requests.get(url, auth=Flipping(*CONSUMER, bit=bit, **signed), timeout=10)
        refused += answer.status_code == 401 and answer.json()["errors"][0]["code"] == 32

    name, email = who.json().get("name"), who.json().get("email")
    works = temporary["oauth_callback_confirmed"] == "true" and who.status_code == 200 and email is not None
    print(json.dumps({"name": name, "email": email, "flipped": BITS, "refused": refused}))
    return 0 if works and refused == BITS else 1


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1].rstrip("/")))
