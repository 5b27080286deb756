use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, ReadBuf};

/// What every HTTP/2 client sends first (RFC 9113, section 3.4).
const PREFACE: &[u8; 24] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// Reads the preface within a time, so that a peer that says nothing does not hold a place.
///
/// # Errors
///
/// `TimedOut`; `InvalidData` as soon as a byte is wrong; `UnexpectedEof`; or what the connection says.
pub(super) async fn expect_preface<I: AsyncRead + Unpin>(mut io: I, within: Duration) -> io::Result<Prefaced<I>> {
    let read = async {
        let mut buffer = [0; PREFACE.len()];
        let mut length = 0;
        while length < PREFACE.len() {
            match io.read(&mut buffer[length..]).await? {
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                more => length += more,
            }
            if buffer[..length] != PREFACE[..length] {
                return Err(io::Error::new(io::ErrorKind::InvalidData, "the peer does not speak http/2"));
            }
        }
        Ok(())
    };
    match tokio::time::timeout(within, read).await {
        Ok(done) => done.map(|()| Prefaced { io, read: 0 }),
        Err(_) => Err(io::ErrorKind::TimedOut.into()),
    }
}

/// A connection whose preface was read; gives it once more to who reads next.
#[derive(Debug)]
pub(super) struct Prefaced<I> {
    io: I,
    read: usize,
}

impl<I: AsyncRead + Unpin> AsyncRead for Prefaced<I> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let rest = &PREFACE[self.read..];
        if rest.is_empty() {
            return Pin::new(&mut self.io).poll_read(cx, buf);
        }
        let length = rest.len().min(buf.remaining());
        buf.put_slice(&rest[..length]);
        self.read += length;
        Poll::Ready(Ok(()))
    }
}

impl<I: AsyncWrite + Unpin> AsyncWrite for Prefaced<I> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.io).poll_write(cx, buf)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.io).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(cx)
    }
}
