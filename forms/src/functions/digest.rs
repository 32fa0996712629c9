//! Digests, base 64 and names that nobody else has (ODK XForms, `digest` and `uuid`).

use base64::{Engine as _, prelude::BASE64_STANDARD};
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha384, Sha512};

use super::at;
use crate::{
    eval::{Fault, Scope, Value},
    program::expr::Expr,
    xpath::number::truncated,
};

/// XForms 1.1, `digest`; base 64 unless another encoding is asked for.
pub(super) fn digest(scope: &Scope<'_>, arguments: &[Expr]) -> Result<Value, Fault> {
    let text = scope.text(at(arguments, 0))?;
    let algorithm = scope.text(at(arguments, 1))?;
    let bytes = match algorithm.as_str() {
        "MD5" => Md5::digest(&text).to_vec(),
        "SHA-1" => Sha1::digest(&text).to_vec(),
        "SHA-256" => Sha256::digest(&text).to_vec(),
        "SHA-384" => Sha384::digest(&text).to_vec(),
        "SHA-512" => Sha512::digest(&text).to_vec(),
        _ => return Err(Fault::NoDigest(algorithm)),
    };
    let encoding = arguments
        .get(2)
        .map_or(Ok("base64".to_owned()), |encoding| scope.text(encoding))?;
    match encoding.as_str() {
        "base64" => Ok(Value::Text(BASE64_STANDARD.encode(bytes))),
        "hex" => Ok(Value::Text(hex::encode(bytes))),
        _ => Err(Fault::NoDigest(encoding)),
    }
}

/// `base64-decode`, of JavaRosa: a text in UTF-8.
pub(super) fn base64_decode(scope: &Scope<'_>, arguments: &[Expr]) -> Result<Value, Fault> {
    let bytes = BASE64_STANDARD.decode(scope.text(at(arguments, 0))?).ok();
    bytes
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .map(Value::Text)
        .ok_or(Fault::NoBase64)
}

/// ODK XForms, `uuid`: with a number, so many letters and digits.
pub(super) fn uuid(scope: &Scope<'_>, arguments: &[Expr]) -> Result<Value, Fault> {
    const LETTERS: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let Some(length) = arguments.first() else {
        return Ok(Value::Text(scope.world.uuid()));
    };
    let length = truncated(scope.number(length)?).clamp(0, 1000);
    let letter = |_| {
        let place = truncated(scope.world.random() * 36.0);
        let letter = usize::try_from(place)
            .ok()
            .and_then(|place| LETTERS.get(place));
        char::from(letter.copied().unwrap_or(b'0'))
    };
    Ok(Value::Text((0..length).map(letter).collect()))
}
