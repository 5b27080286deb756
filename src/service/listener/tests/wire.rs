use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{Server, soon};

/// A frame as it was read.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) kind: u8,
    pub(super) flags: u8,
    pub(super) stream: u32,
    pub(super) payload: Vec<u8>,
}

pub(super) const DATA: u8 = 0;
pub(super) const HEADERS: u8 = 1;
pub(super) const RST_STREAM: u8 = 3;
pub(super) const SETTINGS: u8 = 4;
pub(super) const GOAWAY: u8 = 7;
pub(super) const WINDOW_UPDATE: u8 = 8;

/// An HTTP/2 client that sends what it is told, right or wrong.
pub(super) struct Wire(pub(super) TcpStream);

impl Wire {
    /// Connects and says hello.
    pub(super) async fn open(server: &Server) -> Wire {
        let mut wire = Wire(soon(TcpStream::connect(server.address)).await.unwrap());
        wire.0.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").await.unwrap();
        wire.send(SETTINGS, 0, 0, &[]).await.unwrap();
        wire
    }

    pub(super) async fn send(&mut self, kind: u8, flags: u8, stream: u32, payload: &[u8]) -> std::io::Result<()> {
        let mut frame = (payload.len() as u32).to_be_bytes()[1..].to_vec();
        frame.extend([kind, flags]);
        frame.extend(stream.to_be_bytes());
        frame.extend(payload);
        self.0.write_all(&frame).await
    }

    /// Begins a call; further headers are given as name and value.
    pub(super) async fn call(&mut self, stream: u32, path: &str, more: &[(&str, &str)]) -> std::io::Result<()> {
        let mut block = vec![0x83, 0x86]; // :method POST, :scheme http
        literal(&mut block, &[0x01], "localhost"); // :authority
        literal(&mut block, &[0x04], path); // :path
        literal(&mut block, &[0x0f, 0x10], "application/grpc"); // content-type
        for (name, value) in more {
            named(&mut block, 0x00, name, value);
        }
        self.send(HEADERS, 0x4, stream, &block).await
    }

    /// Begins a call with a small header block that means many bytes: one header of 4,000, and so many times more.
    pub(super) async fn bomb(&mut self, stream: u32, path: &str, times: usize) -> std::io::Result<()> {
        let mut block = vec![0x83, 0x86];
        literal(&mut block, &[0x04], path);
        literal(&mut block, &[0x0f, 0x10], "application/grpc");
        named(&mut block, 0x40, "x-a", &"x".repeat(4_000)); // kept in the table as its newest entry, number 62
        block.extend(std::iter::repeat_n(0x80 | 62, times));
        self.send(HEADERS, 0x4, stream, &block).await
    }

    /// The next frame; `None` once the server closed the connection.
    pub(super) async fn read(&mut self) -> Option<Frame> {
        let mut head = [0; 9];
        soon(self.0.read_exact(&mut head)).await.ok()?;
        let mut payload = vec![0; u32::from_be_bytes([0, head[0], head[1], head[2]]) as usize];
        soon(self.0.read_exact(&mut payload)).await.ok()?;
        let stream = u32::from_be_bytes([head[5], head[6], head[7], head[8]]);
        Some(Frame { kind: head[3], flags: head[4], stream, payload })
    }

    /// Everything until the server closes the connection.
    pub(super) async fn read_all(&mut self) -> Vec<Frame> {
        let mut frames = Vec::new();
        while let Some(frame) = self.read().await {
            frames.push(frame);
        }
        frames
    }
}

/// The error code of a GOAWAY.
pub(super) fn goaway_code(frame: &Frame) -> u32 {
    u32::from_be_bytes(frame.payload[4..8].try_into().unwrap())
}

fn literal(block: &mut Vec<u8>, name: &[u8], value: &str) {
    block.extend(name);
    length(block, value.len());
    block.extend(value.bytes());
}

/// A header whose name is spelt out; the kind says whether the table keeps it.
fn named(block: &mut Vec<u8>, kind: u8, name: &str, value: &str) {
    let mut prefix = vec![kind];
    length(&mut prefix, name.len());
    prefix.extend(name.bytes());
    literal(block, &prefix, value);
}

/// An HPACK integer with a prefix of 7 bits.
fn length(block: &mut Vec<u8>, length: usize) {
    if length < 127 {
        return block.push(length as u8);
    }
    block.push(127);
    let mut rest = length - 127;
    while rest >= 128 {
        block.push((rest % 128) as u8 | 128);
        rest /= 128;
    }
    block.push(rest as u8);
}
