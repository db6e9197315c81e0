from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

def decrypt(
    content: bytes,
    *,
    private_key: EllipticCurvePrivateKey | None = ...,
    auth_secret: bytes | None = ...,
    version: str = ...,
) -> bytes: ...
def encrypt(
    content: bytes,
    *,
    private_key: EllipticCurvePrivateKey | None = ...,
    dh: bytes | None = ...,
    auth_secret: bytes | None = ...,
    version: str = ...,
) -> bytes: ...
