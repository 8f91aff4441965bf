//! Transactions, as an administrator sees them.

use klamm_protocol::messages::describe_transactions_response::TransactionState as DescribedTransaction;
use klamm_protocol::messages::list_transactions_response::TransactionState as ListedTransaction;
use klamm_protocol::messages::{DescribeTransactionsRequest, ListTransactionsRequest};
use klamm_protocol::{Request as _, Str};

use super::Admin;
use crate::cluster::CoordinatorKind;
use crate::error::ClientError;

impl Admin {
    /// ListTransactions of all brokers.
    pub async fn list_transactions(
        &self,
        request: &ListTransactionsRequest,
    ) -> Result<Vec<ListedTransaction>, ClientError> {
        let mut transactions = Vec::new();
        for broker in self.broker_ids(self.cluster.default_deadline()).await? {
            let response = self.call_broker(broker, request).await?;
            ClientError::check(response.error_code)?;
            transactions.extend(response.transaction_states);
        }
        Ok(transactions)
    }

    /// DescribeTransactions of one transactional id.
    pub async fn describe_transaction(&self, id: &Str) -> Result<DescribedTransaction, ClientError> {
        let request = DescribeTransactionsRequest {
            transactional_ids: vec![id.clone()],
            ..DescribeTransactionsRequest::default()
        };
        let response = self.call_coordinator(CoordinatorKind::Transaction, id, &request).await?;
        let Some(state) = response.transaction_states.into_iter().next() else {
            let api = DescribeTransactionsRequest::KEY;
            return Err(ClientError::Incomplete { api, missing: format!("the state of {id}") });
        };
        ClientError::check(state.error_code)?;
        Ok(state)
    }
}
