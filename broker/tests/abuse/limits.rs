//! Kafka's limits on connections.

use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use klamm_protocol::Str;
use klamm_protocol::messages::incremental_alter_configs_request::{AlterConfigsResource, AlterableConfig};
use klamm_protocol::messages::{ApiVersionsRequest, IncrementalAlterConfigsRequest};
use klamm_testkit::wire::{Heard, RawConnection, framed, request_content};
use socket2::{Domain, Socket, Type};

use crate::victim::{PATIENCE, Victim};

/// Long enough for an answer that is to come at once, on a busy machine.
const AT_ONCE: Duration = Duration::from_secs(20);
/// Long enough to tell that none comes.
const A_WHILE: Duration = Duration::from_millis(700);

fn hello() -> Vec<u8> {
    framed(&request_content(&ApiVersionsRequest::default(), 0, 1).unwrap())
}

/// Connects and asks; what comes back within `patience`.
fn greet(connection: &mut RawConnection, patience: Duration) -> Heard {
    connection.send(&hello()).ok();
    connection.hear(patience)
}

fn is_served(connection: &mut RawConnection) -> bool {
    matches!(greet(connection, AT_ONCE), Heard::Frame(_))
}

#[test]
fn above_max_connections_a_client_waits_for_another_to_leave() {
    // The healthy client holds one.
    let mut victim = Victim::start("max.connections=4\n");
    let mut inside: Vec<RawConnection> = (0..3).map(|_| victim.connect()).collect();
    assert!(inside.iter_mut().all(is_served));
    let mut waiting = victim.connect();
    assert_eq!(greet(&mut waiting, A_WHILE), Heard::Silence);
    victim.use_it();
    drop(inside.pop());
    assert!(matches!(waiting.hear(AT_ONCE), Heard::Frame(_)), "the place that became free");
    drop((inside, waiting));
    victim.end(&[]);
}

#[test]
fn max_connections_can_be_changed_while_the_node_runs() {
    let mut victim = Victim::start("");
    let set = |victim: &mut Victim, value: &str| {
        let config = AlterableConfig {
            name: Str::from("max.connections"),
            config_operation: 0,
            value: Some(Str::from(value)),
            ..AlterableConfig::default()
        };
        let resource = AlterConfigsResource {
            resource_type: 4,
            resource_name: Str::from(""),
            configs: vec![config],
            ..AlterConfigsResource::default()
        };
        let request = IncrementalAlterConfigsRequest {
            resources: vec![resource],
            ..IncrementalAlterConfigsRequest::default()
        };
        let answer = victim.connect().ask(&request, 0).unwrap();
        assert_eq!(answer.responses[0].error_code, 0, "{answer:?}");
    };
    let mut admin = victim.connect();
    set(&mut victim, "2");
    let mut waiting = victim.connect();
    assert!(is_served(&mut admin));
    assert_eq!(greet(&mut waiting, A_WHILE), Heard::Silence);
    drop(admin);
    assert!(matches!(waiting.hear(AT_ONCE), Heard::Frame(_)));
    victim.end(&[]);
}

fn connect_from(source: IpAddr, address: SocketAddr) -> TcpStream {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
    socket.bind(&SocketAddr::new(source, 0).into()).unwrap();
    socket.connect(&address.into()).unwrap();
    socket.into()
}

/// Whether a connection from `source` is served; it is held in `held` if so.
fn enters(held: &mut Vec<TcpStream>, source: u8, address: SocketAddr) -> bool {
    use std::io::{Read as _, Write as _};
    let mut stream = connect_from(Ipv4Addr::new(127, 0, 0, source).into(), address);
    stream.set_read_timeout(Some(AT_ONCE)).unwrap();
    let mut size = [0; 4];
    let served = stream.write_all(&hello()).is_ok() && stream.read_exact(&mut size).is_ok();
    if served {
        held.push(stream);
    }
    served
}

#[test]
fn connections_of_one_address_are_limited_and_overrides_win() {
    let mut victim =
        Victim::start("max.connections.per.ip=3\nmax.connections.per.ip.overrides=127.0.0.7:1,127.0.0.8:5\n");
    let address = victim.address();
    let mut held = Vec::new();
    let mut count = |source: u8| (0..8).filter(|_| enters(&mut held, source, address)).count();
    assert_eq!((count(7), count(8), count(9)), (1, 5, 3));
    assert_eq!(count(1), 2, "the healthy client has one");
    drop(held);
    victim.end(&[]);
}

#[test]
fn connections_are_created_at_a_limited_rate() {
    // A window of two seconds: the least time a rate is judged over is one of them.
    let mut victim = Victim::start("max.connection.creation.rate=5\nquota.window.num=2\n");
    // Those of the start may still count: they make it slower, never faster.
    let begun = Instant::now();
    let mut connections: Vec<RawConnection> = (0..25).map(|_| victim.connect()).collect();
    assert!(connections.iter_mut().all(is_served));
    // 25 at 5 per second, less what the window lets through at once.
    assert!(begun.elapsed() >= Duration::from_secs(2), "{:?}", begun.elapsed());
    victim.use_it();
    drop(connections);
    victim.end(&[]);
}

#[test]
fn idle_connections_are_closed() {
    let mut victim = Victim::start("connections.max.idle.ms=8000\n");
    let mut idle = victim.connect();
    let port = idle.stream().local_addr().unwrap().port();
    assert!(is_served(&mut idle));
    let begun = Instant::now();
    // The one that is used stays.
    while idle.hear(Duration::from_millis(300)) != Heard::Closed {
        assert!(begun.elapsed() < PATIENCE);
        victim.use_it();
    }
    assert!(begun.elapsed() >= Duration::from_secs(5), "{:?}", begun.elapsed());
    victim.has_one_line_on("idle", port);
    victim.end(&[]);
}
