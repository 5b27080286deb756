use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream, ToSocketAddrs};
use std::sync::{Arc, Mutex};
use std::thread;

/// What happens to a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The connection is cut before the server has it.
    Unsent,
    /// The server has it, and the connection is cut before the answer is back.
    Unanswered,
    /// The server ends the connection in the moment in which it gets the message.
    Terminated,
}

#[derive(Default)]
struct Plan {
    /// How many messages clients have sent.
    messages: u64,
    /// The message that fails, and how.
    fault: Option<(u64, Fault)>,
    /// What ends the connections of the server.
    terminate: Option<Box<dyn Fn() + Send>>,
}

/// A wire to the server that can be cut. What a client sends in one piece counts as one message.
pub struct Proxy {
    address: SocketAddr,
    plan: Arc<Mutex<Plan>>,
}

impl Proxy {
    pub fn to(server: &str) -> Proxy {
        let server = server.to_socket_addrs().unwrap().next().unwrap();
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let plan = Arc::new(Mutex::new(Plan::default()));
        let shared = Arc::clone(&plan);
        // Ends with the test program.
        thread::spawn(move || {
            for client in listener.incoming() {
                let (Ok(client), Ok(upstream)) = (client, TcpStream::connect(server)) else { continue };
                let plan = Arc::clone(&shared);
                thread::spawn(move || relay(client, upstream, &plan));
            }
        });
        Proxy { address, plan }
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Lets the `message`-th message from now on fail, counted from 0. Once; `terminate` is called for
    /// [`Fault::Terminated`].
    pub fn fail_at(&self, message: u64, fault: Fault, terminate: impl Fn() + Send + 'static) {
        let mut plan = self.plan.lock().unwrap();
        plan.fault = Some((plan.messages + message, fault));
        plan.terminate = Some(Box::new(terminate));
    }

    /// True if the fault that was asked for did happen; none is left.
    pub fn failed(&self) -> bool {
        self.plan.lock().unwrap().fault.take().is_none()
    }
}

fn relay(mut client: TcpStream, mut server: TcpStream, plan: &Mutex<Plan>) {
    let (mut back, mut home) = (server.try_clone().unwrap(), client.try_clone().unwrap());
    let answers = thread::spawn(move || {
        let _ = std::io::copy(&mut back, &mut home);
        let _ = home.shutdown(Shutdown::Both);
    });
    let mut buffer = [0; 1 << 16];
    while let Ok(length) = client.read(&mut buffer)
        && length > 0
    {
        let fault = {
            let mut plan = plan.lock().unwrap();
            let number = plan.messages;
            plan.messages += 1;
            let fault = plan.fault.filter(|(at, _)| *at == number).map(|(_, fault)| fault);
            if fault.is_some() {
                plan.fault = None;
            }
            if fault == Some(Fault::Terminated) {
                plan.terminate.as_ref().unwrap()();
            }
            fault
        };
        match fault {
            Some(Fault::Unsent) => break,
            Some(Fault::Unanswered) => {
                // The client is cut off first, so that no answer gets through, and then the server is asked.
                let _ = client.shutdown(Shutdown::Both);
                let _ = server.write_all(&buffer[..length]);
                let _ = server.flush();
                // What was sent is read by the server before the end of the stream.
                let _ = server.shutdown(Shutdown::Write);
                let _ = answers.join();
                return;
            }
            Some(Fault::Terminated) | None => {
                if server.write_all(&buffer[..length]).is_err() {
                    break;
                }
            }
        }
    }
    let _ = client.shutdown(Shutdown::Both);
    let _ = server.shutdown(Shutdown::Both);
    let _ = answers.join();
}
