//! An authority of the tests' own.

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    KeyUsagePurpose, date_time_ymd,
};

const ALWAYS: (i32, i32) = (1975, 4096);
/// The name in the node's certificate.
pub const HOST: &str = "node.test";

/// A certificate and its key in PEM.
pub struct Pair {
    pub certificate: String,
    pub key: String,
}

/// Issues certificates.
pub struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    pub fn found() -> Authority {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        Authority(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    pub fn pem(&self) -> String {
        self.0.pem()
    }

    pub fn issue_for_server(&self) -> Pair {
        self.issue(ExtendedKeyUsagePurpose::ServerAuth, ALWAYS)
    }

    pub fn issue_for_client(&self) -> Pair {
        self.issue(ExtendedKeyUsagePurpose::ClientAuth, ALWAYS)
    }

    /// One for a client that is valid from the first to the second year's beginning only.
    pub fn issue_for_client_of(&self, years: (i32, i32)) -> Pair {
        self.issue(ExtendedKeyUsagePurpose::ClientAuth, years)
    }

    fn issue(&self, usage: ExtendedKeyUsagePurpose, (from, until): (i32, i32)) -> Pair {
        let mut params = CertificateParams::new(vec![HOST.to_owned()]).unwrap();
        params.not_before = date_time_ymd(from, 1, 1);
        params.not_after = date_time_ymd(until, 1, 1);
        params.extended_key_usages = vec![usage];
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.0).unwrap();
        Pair { certificate: certificate.pem(), key: key.serialize_pem() }
    }
}
