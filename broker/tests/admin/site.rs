//! One node with the admin service, its certificates, and clients of several kinds.

use std::fs;
use std::net::{SocketAddr, TcpStream};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use klamm_admin_api::v1::Certificates;
use klamm_admin_api::v1::node_admin_client::NodeAdminClient;
use klamm_testkit::cluster::{ClusterSpec, LocalCluster};
use tempfile::TempDir;
use tonic::transport::{Certificate, Channel, ClientTlsConfig, Endpoint, Identity};
use tonic_health::pb::health_client::HealthClient;

use crate::certificates::{Authority, HOST, Pair};

pub struct Site {
    cluster: LocalCluster,
    tls: TempDir,
    pub authority: Authority,
}

impl Site {
    /// A node without the service.
    pub fn bare() -> Site {
        Site::started("")
    }

    /// A node with it, on ports that the system chose.
    pub fn start() -> Site {
        Site::started(
            "klamm.admin.listener=127.0.0.1:0\nklamm.health.listener=127.0.0.1:0\nbroker.rack=attic\n",
        )
    }

    fn formatted(settings: &str) -> Site {
        let tls = tempfile::tempdir().unwrap();
        let directory = format!("klamm.admin.tls.directory={}\n", tls.path().display());
        let settings = if settings.is_empty() { String::new() } else { format!("{settings}{directory}") };
        let spec = ClusterSpec::single(env!("CARGO_BIN_EXE_klamm")).with_settings(&settings);
        let site = Site { cluster: LocalCluster::format(&spec).unwrap(), tls, authority: Authority::found() };
        site.write_leaf();
        site
    }

    fn started(settings: &str) -> Site {
        let mut site = Site::formatted(settings);
        site.cluster.start().unwrap();
        site
    }

    /// What a start says that ends by itself, after `spoil` had the folder with the certificates.
    pub fn refused(spoil: impl FnOnce(&Path)) -> String {
        let site = Site::formatted("klamm.admin.listener=127.0.0.1:0\n");
        spoil(site.tls.path());
        let ended = site.cluster.first().run_to_end(|_| ()).unwrap();
        assert_eq!(ended.status.code(), Some(1), "{}", ended.said);
        ended.said
    }

    /// Runs a test's steps.
    pub fn run(&self, steps: impl AsyncFnOnce(&Site)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(steps(self));
    }

    pub fn log(&self) -> String {
        self.cluster.first().log()
    }

    pub fn properties(&self) -> PathBuf {
        self.cluster.first().properties()
    }

    /// Names of the node's threads.
    pub fn threads(&self) -> Vec<String> {
        let tasks = format!("/proc/{}/task", self.cluster.first().pid().unwrap());
        let name = |task: fs::DirEntry| fs::read_to_string(task.path().join("comm")).ok();
        let tasks = fs::read_dir(tasks).unwrap().filter_map(Result::ok);
        tasks.filter_map(name).map(|name| name.trim().to_owned()).collect()
    }

    pub fn write_file(&self, name: &str, content: &str) {
        let path = self.tls.path().join(name);
        fs::write(&path, content).unwrap();
        fs::set_permissions(path, fs::Permissions::from_mode(0o640)).unwrap();
    }

    /// A new certificate of the present authority.
    pub fn write_leaf(&self) {
        let pair = self.authority.issue_for_server();
        self.write_file("tls.crt", &pair.certificate);
        self.write_file("tls.key", &pair.key);
        self.write_file("ca.crt", &self.authority.pem());
    }

    /// Another authority, and a certificate of it.
    pub fn replace_authority(&mut self) {
        self.authority = Authority::found();
        self.write_leaf();
    }

    /// As the node reports its files.
    pub fn files(&self) -> Certificates {
        use sha2::{Digest as _, Sha256};
        let hash = |name: &str| -> String {
            let bytes = fs::read(self.tls.path().join(name)).unwrap();
            Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
        };
        Certificates { certificate_sha256: hash("tls.crt"), trust_sha256: hash("ca.crt") }
    }

    /// Where a listener of ours is, as the log says.
    fn address(&self, key: &str) -> SocketAddr {
        let log = self.log();
        let line = log.lines().find(|line| line.contains("listening") && line.contains(key)).unwrap();
        let plain: String = line.split("address=").nth(1).unwrap().split_whitespace().next().unwrap().into();
        plain.parse().unwrap()
    }

    /// Connections to both listeners that never say anything, so many to each.
    pub fn idle_connections(&self, count: usize) -> Vec<TcpStream> {
        let addresses = ["klamm.admin.listener", "klamm.health.listener"].map(|key| self.address(key));
        let to_each = addresses.into_iter().flat_map(|address| std::iter::repeat_n(address, count));
        to_each.map(|address| TcpStream::connect(address).unwrap()).collect()
    }

    fn endpoint(&self, scheme: &str, key: &str) -> Endpoint {
        Endpoint::from_shared(format!("{scheme}://{}", self.address(key))).unwrap()
    }

    /// A client that trusts the node's authority and shows `identity`.
    pub fn client(&self, identity: Option<Pair>) -> NodeAdminClient<Channel> {
        let mut tls = ClientTlsConfig::new()
            .ca_certificate(Certificate::from_pem(self.authority.pem()))
            .domain_name(HOST);
        if let Some(pair) = identity {
            tls = tls.identity(Identity::from_pem(pair.certificate, pair.key));
        }
        let endpoint = self.endpoint("https", "klamm.admin.listener").tls_config(tls).unwrap();
        NodeAdminClient::new(endpoint.connect_lazy())
    }

    /// A client with a certificate for clients.
    pub fn operator(&self) -> NodeAdminClient<Channel> {
        self.client(Some(self.authority.issue_for_client()))
    }

    pub fn health(&self) -> HealthClient<Channel> {
        HealthClient::new(self.endpoint("http", "klamm.health.listener").connect_lazy())
    }

    /// Asks the health listener for what it does not have.
    pub fn plaintext_admin(&self) -> NodeAdminClient<Channel> {
        NodeAdminClient::new(self.endpoint("http", "klamm.health.listener").connect_lazy())
    }
}
