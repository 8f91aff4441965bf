//! Issues certificates. ECDSA on P-256; nodes' certificates are made for servers, the operator's for a client,
//! so that no node is let in by another.

use std::time::Duration;

use k8s_openapi::jiff::Timestamp;
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer,
    KeyPair, KeyUsagePurpose,
};
use sha2::{Digest as _, Sha256};
use time::OffsetDateTime;
use x509_parser::pem::parse_x509_pem;

/// Certificates are valid from this long before they are issued: clocks differ.
const CLOCK_SKEW: Duration = Duration::from_secs(3_600);
const DAY: Duration = Duration::from_secs(86_400);
/// Validity of an authority.
pub(super) const AUTHORITY_DAYS: u32 = 1_825;
/// Validity of the nodes' certificate.
pub(super) const LEAF_DAYS: u32 = 90;
/// Validity of the operator's own, which lives in its memory.
const CLIENT_DAYS: u32 = 2;

/// A certificate and its private key, in PEM.
#[derive(Clone, PartialEq, Eq)]
pub struct Pair {
    /// The certificate.
    pub certificate: String,
    /// The key.
    pub key: String,
}

impl std::fmt::Debug for Pair {
    /// Without the key.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pair").field("certificate", &sha256(&self.certificate)).finish_non_exhaustive()
    }
}

/// A certificate cannot be issued: a bug, or an authority that is none.
#[derive(Debug, thiserror::Error)]
#[error("a certificate cannot be issued: {0}")]
pub struct IssueError(#[from] rcgen::Error);

/// Who issues a cluster's certificates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authority {
    /// Its own certificate.
    pub pair: Pair,
}

impl Authority {
    /// A new one for a cluster.
    pub fn found(cluster: &str, now: Timestamp) -> Result<Authority, IssueError> {
        let mut params = params(&format!("{cluster} admin authority"), &[], (now, AUTHORITY_DAYS))?;
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let key = KeyPair::generate()?;
        let certificate = params.self_signed(&key)?;
        Ok(Authority { pair: Pair { certificate: certificate.pem(), key: key.serialize_pem() } })
    }

    /// One for the cluster's nodes, by their host names.
    pub fn issue_for_nodes(&self, hosts: &[String], now: Timestamp) -> Result<Pair, IssueError> {
        let mut params = params("nodes", hosts, (now, LEAF_DAYS))?;
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        self.sign(params)
    }

    /// One for an operator.
    pub fn issue_for_operator(&self, now: Timestamp) -> Result<Pair, IssueError> {
        let mut params = params("klamm-operator", &[], (now, CLIENT_DAYS))?;
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        self.sign(params)
    }

    fn sign(&self, mut params: CertificateParams) -> Result<Pair, IssueError> {
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.use_authority_key_identifier_extension = true;
        let issuer = Issuer::from_ca_cert_pem(&self.pair.certificate, KeyPair::from_pem(&self.pair.key)?)?;
        let key = KeyPair::generate()?;
        let certificate = params.signed_by(&key, &issuer)?;
        Ok(Pair { certificate: certificate.pem(), key: key.serialize_pem() })
    }
}

fn params(
    name: &str,
    hosts: &[String],
    (now, days): (Timestamp, u32),
) -> Result<CertificateParams, rcgen::Error> {
    let mut params = CertificateParams::new(hosts.to_vec())?;
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    let at =
        |seconds: i64| OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let seconds = |duration: Duration| i64::try_from(duration.as_secs()).unwrap_or(i64::MAX);
    params.not_before = at(now.as_second() - seconds(CLOCK_SKEW));
    params.not_after = at(now.as_second() + seconds(DAY * days));
    Ok(params)
}

/// Until when the first certificate of a PEM file is valid; `None` if there is none.
pub fn valid_until(pem: &str) -> Option<Timestamp> {
    validity(pem).map(|(_, until)| until)
}

/// Seconds that the first certificate of a PEM file is still valid; 0 if it is not, or not yet: an operator whose
/// clock was ahead may have issued it.
pub fn seconds_left(pem: &str, now: Timestamp) -> i64 {
    let left = |(from, until): (Timestamp, Timestamp)| {
        if now < from { 0 } else { (until.as_second() - now.as_second()).max(0) }
    };
    validity(pem).map_or(0, left)
}

fn validity(pem: &str) -> Option<(Timestamp, Timestamp)> {
    let (_, pem) = parse_x509_pem(pem.as_bytes()).ok()?;
    let certificate = pem.parse_x509().ok()?;
    let at = |time: x509_parser::time::ASN1Time| Timestamp::from_second(time.timestamp()).ok();
    Some((at(certificate.validity().not_before)?, at(certificate.validity().not_after)?))
}

/// As nodes report their files, in hexadecimal digits.
pub fn sha256(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_of_nodes_names_their_hosts_and_is_made_for_servers_alone() {
        let now = Timestamp::now();
        let authority = Authority::found("demo", now).unwrap();
        let pair = authority.issue_for_nodes(&["*.demo-nodes.kafka.svc".to_owned()], now).unwrap();
        let (_, pem) = parse_x509_pem(pair.certificate.as_bytes()).unwrap();
        let certificate = pem.parse_x509().unwrap();
        let usage = certificate.extended_key_usage().unwrap().unwrap().value;
        assert!(usage.server_auth && !usage.client_auth && !usage.any);
        let names = format!("{:?}", certificate.subject_alternative_name().unwrap().unwrap().value);
        assert!(names.contains("*.demo-nodes.kafka.svc"), "{names}");
        let client = authority.issue_for_operator(now).unwrap();
        let (_, pem) = parse_x509_pem(client.certificate.as_bytes()).unwrap();
        let certificate = pem.parse_x509().unwrap();
        let usage = certificate.extended_key_usage().unwrap().unwrap().value;
        assert!(usage.client_auth && !usage.server_auth);
    }

    #[test]
    fn certificates_end_when_they_should() {
        let now = Timestamp::now();
        let authority = Authority::found("demo", now).unwrap();
        let days = |pem: &str| (valid_until(pem).unwrap().as_second() - now.as_second()) / 86_400;
        assert_eq!(days(&authority.pair.certificate), i64::from(AUTHORITY_DAYS));
        assert_eq!(days(&authority.issue_for_nodes(&[], now).unwrap().certificate), i64::from(LEAF_DAYS));
        assert_eq!(valid_until("nothing"), None);
    }

    #[test]
    fn clocks_may_be_an_hour_apart_and_what_begins_later_is_of_no_use() {
        let now = Timestamp::now();
        let pem = Authority::found("demo", now).unwrap().pair.certificate;
        let from = |seconds: i64| Timestamp::from_second(now.as_second() + seconds).unwrap();
        let life = i64::from(AUTHORITY_DAYS) * 86_400;
        assert_eq!(seconds_left(&pem, from(-3_600)), life + 3_600);
        assert_eq!(seconds_left(&pem, from(-3_601)), 0);
        assert_eq!(seconds_left(&pem, from(life + 5)), 0);
        assert_eq!(seconds_left("nothing", now), 0);
    }

    #[test]
    fn keys_are_not_shown() {
        let authority = Authority::found("demo", Timestamp::now()).unwrap();
        assert!(!format!("{authority:?}").contains("PRIVATE"));
    }
}
