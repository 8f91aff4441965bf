//! SCRAM credentials of `--add-scram` (Kafka: ScramParser, ScramFormatter; RFC 5802).

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use hmac::{Hmac, KeyInit, Mac};
use klamm_protocol::messages::UserScramCredentialRecord;
use sha2::{Digest, Sha256, Sha512};

const MIN_ITERATIONS: i32 = 4096;
const MAX_ITERATIONS: i32 = 16_384;

/// A SCRAM mechanism.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mechanism {
    Sha256,
    Sha512,
}

impl Mechanism {
    /// The mechanism called `name`.
    pub(crate) fn from_name(name: &str) -> Option<Mechanism> {
        match name {
            "SCRAM-SHA-256" => Some(Mechanism::Sha256),
            "SCRAM-SHA-512" => Some(Mechanism::Sha512),
            _ => None,
        }
    }

    /// Java's name of it.
    pub(crate) fn constant_name(self) -> &'static str {
        match self {
            Mechanism::Sha256 => "SCRAM_SHA_256",
            Mechanism::Sha512 => "SCRAM_SHA_512",
        }
    }

    /// Its name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Mechanism::Sha256 => "SCRAM-SHA-256",
            Mechanism::Sha512 => "SCRAM-SHA-512",
        }
    }

    /// The mechanism with the number `id`.
    pub(crate) fn from_id(id: i8) -> Option<Mechanism> {
        [Mechanism::Sha256, Mechanism::Sha512].into_iter().find(|known| known.id() == id)
    }

    /// Its number in records and requests.
    pub(crate) fn id(self) -> i8 {
        match self {
            Mechanism::Sha256 => 1,
            Mechanism::Sha512 => 2,
        }
    }

    fn hmac(self, key: &[u8], text: &[u8]) -> Vec<u8> {
        const ANY: &str = "a key of HMAC has any length";
        match self {
            Mechanism::Sha256 => {
                let mac = Hmac::<Sha256>::new_from_slice(key).expect(ANY);
                mac.chain_update(text).finalize().into_bytes().to_vec()
            }
            Mechanism::Sha512 => {
                let mac = Hmac::<Sha512>::new_from_slice(key).expect(ANY);
                mac.chain_update(text).finalize().into_bytes().to_vec()
            }
        }
    }

    fn hash(self, text: &[u8]) -> Vec<u8> {
        match self {
            Mechanism::Sha256 => Sha256::digest(text).to_vec(),
            Mechanism::Sha512 => Sha512::digest(text).to_vec(),
        }
    }

    /// PBKDF2 with one block, `Hi` of RFC 5802.
    pub(crate) fn salted_password(self, password: &[u8], salt: &[u8], iterations: i32) -> Vec<u8> {
        let mut last = self.hmac(password, &[salt, &[0, 0, 0, 1]].concat());
        let mut result = last.clone();
        for _ in 1..iterations {
            last = self.hmac(password, &last);
            result.iter_mut().zip(&last).for_each(|(sum, byte)| *sum ^= byte);
        }
        result
    }
}

/// The record of an argument such as `SCRAM-SHA-256=[name=alice,password=secret]`.
pub(super) fn parse(
    argument: &str,
    new_salt: impl FnOnce() -> Vec<u8>,
) -> Result<UserScramCredentialRecord, String> {
    let argument = argument.trim();
    let (name, settings) = argument
        .split_once('=')
        .ok_or_else(|| format!("Failed to find equals sign in SCRAM argument '{argument}'"))?;
    let mechanism = Mechanism::from_name(name)
        .ok_or_else(|| format!("The add-scram mechanism {name} is not supported."))?;
    let settings = settings.strip_prefix('[').ok_or("Expected configuration string to start with [")?;
    let settings = settings.strip_suffix(']').ok_or("Expected configuration string to end with ]")?;
    let mut settings = components(settings)?;
    let name = settings.remove("name").ok_or("You must supply 'name' to add-scram")?;
    let salt = settings.remove("salt").map(|salt| decode("salt", salt)).transpose()?;
    let iterations = settings
        .remove("iterations")
        .map(|text| text.parse::<i32>().map_err(|_| format!("Failed to parse iterations count: {text}")));
    let iterations = iterations.transpose()?.unwrap_or(MIN_ITERATIONS);
    let password = password(settings.remove("password"), settings.remove("saltedpassword"), salt.is_some())?;
    if !settings.is_empty() {
        let unknown: Vec<&str> = settings.into_keys().collect();
        return Err(format!("Unknown SCRAM configurations: {}", unknown.join(", ")));
    }
    check_iterations(mechanism, iterations)?;
    let salt = salt.unwrap_or_else(new_salt);
    let salted = match password {
        Password::Plain(text) => mechanism.salted_password(text.as_bytes(), &salt, iterations),
        Password::Salted(bytes) => bytes,
    };
    Ok(UserScramCredentialRecord {
        name: name.to_owned().into(),
        mechanism: mechanism.id(),
        salt: Bytes::from(salt),
        stored_key: Bytes::from(mechanism.hash(&mechanism.hmac(&salted, b"Client Key"))),
        server_key: Bytes::from(mechanism.hmac(&salted, b"Server Key")),
        iterations,
        ..UserScramCredentialRecord::default()
    })
}

fn components(settings: &str) -> Result<BTreeMap<&str, &str>, String> {
    settings
        .split(',')
        .map(|component| {
            let (name, value) = component
                .split_once('=')
                .ok_or_else(|| format!("No equals sign found in SCRAM component: {component}"))?;
            let unquoted = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
            Ok((name, unquoted.unwrap_or(value)))
        })
        .collect()
}

enum Password<'a> {
    Plain(&'a str),
    Salted(Vec<u8>),
}

fn password<'a>(
    plain: Option<&'a str>,
    salted: Option<&str>,
    has_salt: bool,
) -> Result<Password<'a>, String> {
    match (plain, salted) {
        // Kafka takes the plain one and then finds `saltedpassword` taken off as well.
        (Some(plain), _) => Ok(Password::Plain(plain)),
        (None, None) => Err("You must supply one of 'password' or 'saltedpassword' to add-scram".into()),
        (None, Some(_)) if !has_salt => {
            Err("You must supply 'salt' with 'saltedpassword' to add-scram".into())
        }
        (None, Some(salted)) => decode("saltedPassword", salted).map(Password::Salted),
    }
}

fn decode(what: &str, text: &str) -> Result<Vec<u8>, String> {
    STANDARD.decode(text).map_err(|_| format!("Failed to decode given {what}: {text}"))
}

fn check_iterations(mechanism: Mechanism, iterations: i32) -> Result<(), String> {
    let refuse = |sign, bound| {
        let name = mechanism.constant_name();
        Err(format!("The 'iterations' value must be {sign} {bound} for add-scram using {name}"))
    };
    match iterations {
        ..MIN_ITERATIONS => refuse(">=", MIN_ITERATIONS),
        MIN_ITERATIONS..=MAX_ITERATIONS => Ok(()),
        _ => refuse("<=", MAX_ITERATIONS),
    }
}

/// A salt as Kafka makes it: 130 random bits in base 36.
pub(super) fn random_salt() -> Vec<u8> {
    const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    // 25 digits of 36 values hold 129 bits; one more than enough.
    let bytes: [u8; 26] = rand::random();
    bytes.iter().map(|byte| DIGITS[usize::from(*byte) % DIGITS.len()]).collect()
}
