use std::future::poll_fn;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio_postgres::tls::MakeTlsConnect;
use tokio_postgres::{AsyncMessage, Config, Connection, NoTls, Socket};
use tokio_postgres_rustls::MakeRustlsConnect;

/// How long until a connection that was lost is tried again. Whoever waits for news looks for itself meanwhile.
const PAUSE: Duration = Duration::from_secs(1);

/// Calls whoever waits whenever a change was committed, by whichever server; for ever.
pub(super) async fn listen(config: Config, tls: Option<MakeRustlsConnect>, channel: String, news: Arc<Notify>) {
    loop {
        let ended = match &tls {
            Some(tls) => once(&config, tls.clone(), &channel, &news).await,
            None => once(&config, NoTls, &channel, &news).await,
        };
        if let Err(error) = ended {
            tracing::debug!(%error, "the registry's news are asked for instead of listened to");
        }
        tokio::time::sleep(PAUSE).await;
    }
}

async fn once<T>(config: &Config, tls: T, channel: &str, news: &Arc<Notify>) -> Result<(), tokio_postgres::Error>
where
    T: MakeTlsConnect<Socket>,
    T::Stream: Send + 'static,
{
    let (client, connection) = config.connect(tls).await?;
    let heard = tokio::spawn(hear(connection, Arc::clone(news)));
    client.batch_execute(&format!("LISTEN {channel}")).await?;
    // Something may have happened before there was anybody to hear of it.
    news.notify_one();
    // Ends with the connection; the client keeps it open until then.
    let _ = heard.await;
    drop(client);
    Ok(())
}

async fn hear<S, T>(mut connection: Connection<S, T>, news: Arc<Notify>)
where
    Connection<S, T>: Hear,
{
    while let Some(is_news) = connection.next().await {
        if is_news {
            news.notify_one();
        }
    }
}

/// A connection that is asked for messages instead of being awaited.
trait Hear {
    fn next(&mut self) -> impl Future<Output = Option<bool>> + Send;
}

impl<T> Hear for Connection<Socket, T>
where
    T: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send,
{
    async fn next(&mut self) -> Option<bool> {
        match poll_fn(|context| self.poll_message(context)).await {
            Some(Ok(message)) => Some(matches!(message, AsyncMessage::Notification(_))),
            Some(Err(_)) | None => None,
        }
    }
}
