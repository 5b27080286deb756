use std::time::Duration;

use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;

use super::arguments::HealthArguments;
use super::backend::{connect, plain};

/// How long a server may take to say that it is well.
const PATIENCE: Duration = Duration::from_secs(5);

/// `exonym health`.
pub fn run(arguments: &HealthArguments) -> anyhow::Result<()> {
    super::block_on(async {
        let asked = tokio::time::timeout(PATIENCE, ask(&arguments.server));
        asked.await.map_err(|_| anyhow::anyhow!("{} did not answer within {PATIENCE:?}", arguments.server))?
    })
}

async fn ask(server: &str) -> anyhow::Result<()> {
    let mut client = HealthClient::new(connect(server).await?);
    let service = "exonym.v1.ResolverService".to_owned();
    let response = client.check(HealthCheckRequest { service }).await.map_err(plain)?.into_inner();
    match response.status() {
        ServingStatus::Serving => {
            println!("SERVING");
            Ok(())
        }
        other => anyhow::bail!("the server answers {}", other.as_str_name()),
    }
}
