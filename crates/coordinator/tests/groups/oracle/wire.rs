//! One connection: requests out, answers in, one after the other.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use bytes::Bytes;
use klamm_protocol::{Message, Reader, Request, Str, Writer, header};

pub struct Wire {
    stream: TcpStream,
    client_id: Str,
    correlation_id: i32,
}

impl Wire {
    pub fn connect(address: &str, client_id: &str) -> Wire {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        Wire { stream, client_id: Str::from(client_id), correlation_id: 0 }
    }

    pub fn send<R: Request>(&mut self, request: &R, version: i16) {
        self.correlation_id += 1;
        let mut writer = Writer::new();
        header::write_request::<R>(&mut writer, version, self.correlation_id, Some(self.client_id.clone()))
            .unwrap();
        request.encode(&mut writer, version).unwrap();
        let frame = writer.into_bytes();
        self.stream.write_all(&u32::try_from(frame.len()).unwrap().to_be_bytes()).unwrap();
        self.stream.write_all(&frame).unwrap();
    }

    pub fn receive<R: Request>(&mut self, version: i16) -> R::Response {
        let mut size = [0; 4];
        self.stream.read_exact(&mut size).unwrap();
        let mut frame = vec![0; u32::from_be_bytes(size) as usize];
        self.stream.read_exact(&mut frame).unwrap();
        let mut reader = Reader::new(Bytes::from(frame));
        let correlation_id = header::read_response(&mut reader, R::KEY, version).unwrap();
        assert_eq!(correlation_id, self.correlation_id);
        R::Response::decode(&mut reader, version).unwrap()
    }

    pub fn ask<R: Request>(&mut self, request: &R, version: i16) -> R::Response {
        self.send(request, version);
        self.receive::<R>(version)
    }
}
