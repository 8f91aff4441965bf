//! What the test bed is made of. A change here makes the next run build or fetch that part anew.

/// Kubernetes: API server, controllers, scheduler, kubelet, proxy and kubectl.
pub(super) const KUBERNETES: &str = "1.37.1";
/// Helm.
pub(super) const HELM: &str = "3.22.0";
/// The cluster's DNS.
pub(super) const COREDNS: &str = "1.15.0";

/// Modules that Kubernetes' own names by paths inside its repository; each is published as `v0.` and the rest of
/// its version.
pub(super) const KUBERNETES_STAGING: [&str; 33] = [
    "api",
    "apiextensions-apiserver",
    "apimachinery",
    "apiserver",
    "cli-runtime",
    "client-go",
    "cloud-provider",
    "cluster-bootstrap",
    "code-generator",
    "component-base",
    "component-helpers",
    "controller-manager",
    "cri-api",
    "cri-client",
    "cri-streaming",
    "csi-translation-lib",
    "dynamic-resource-allocation",
    "endpointslice",
    "externaljwt",
    "kms",
    "kube-aggregator",
    "kube-controller-manager",
    "kube-proxy",
    "kube-scheduler",
    "kubectl",
    "kubelet",
    "metrics",
    "mount-utils",
    "pod-security-admission",
    "sample-apiserver",
    "sample-cli-plugin",
    "sample-controller",
    "streaming",
];

/// Packages of Debian 12, unpacked beside the system and not installed: etcd 3.4, containerd 1.6, runc 1.1, CNI's
/// plugins 1.1, iptables 1.8 and the libraries that a small system lacks. Which build of each is the archive's: it
/// keeps one.
pub(super) const PACKAGES: [&str; 13] = [
    "etcd-server",
    "containerd",
    "runc",
    "containernetworking-plugins",
    "iptables",
    "libip4tc2",
    "libip6tc2",
    "libmnl0",
    "libnetfilter-conntrack3",
    "libnfnetlink0",
    "libnftnl11",
    "libseccomp2",
    "libxtables12",
];
