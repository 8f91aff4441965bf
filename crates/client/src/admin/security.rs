//! Quotas, credentials, access rules and delegation tokens.

use klamm_protocol::messages::{
    AlterClientQuotasRequest, AlterClientQuotasResponse, AlterUserScramCredentialsRequest,
    AlterUserScramCredentialsResponse, CreateAclsRequest, CreateAclsResponse, CreateDelegationTokenRequest,
    CreateDelegationTokenResponse, DeleteAclsRequest, DeleteAclsResponse, DescribeAclsRequest,
    DescribeAclsResponse, DescribeClientQuotasRequest, DescribeClientQuotasResponse,
    DescribeDelegationTokenRequest, DescribeDelegationTokenResponse, DescribeUserScramCredentialsRequest,
    DescribeUserScramCredentialsResponse, ExpireDelegationTokenRequest, ExpireDelegationTokenResponse,
    RenewDelegationTokenRequest, RenewDelegationTokenResponse,
};

use super::Admin;
use crate::error::ClientError;

macro_rules! passed_on {
    ($($(#[$doc:meta])* $name:ident: $request:ident -> $response:ident;)*) => {
        impl Admin {$(
            $(#[$doc])*
            pub async fn $name(&self, request: &$request) -> Result<$response, ClientError> {
                self.call(request).await
            }
        )*}
    };
}

passed_on! {
    /// DescribeClientQuotas.
    describe_client_quotas: DescribeClientQuotasRequest -> DescribeClientQuotasResponse;
    /// AlterClientQuotas.
    alter_client_quotas: AlterClientQuotasRequest -> AlterClientQuotasResponse;
    /// DescribeUserScramCredentials.
    describe_user_scram_credentials:
        DescribeUserScramCredentialsRequest -> DescribeUserScramCredentialsResponse;
    /// AlterUserScramCredentials.
    alter_user_scram_credentials: AlterUserScramCredentialsRequest -> AlterUserScramCredentialsResponse;
    /// DescribeAcls.
    describe_acls: DescribeAclsRequest -> DescribeAclsResponse;
    /// CreateAcls.
    create_acls: CreateAclsRequest -> CreateAclsResponse;
    /// DeleteAcls.
    delete_acls: DeleteAclsRequest -> DeleteAclsResponse;
    /// CreateDelegationToken.
    create_delegation_token: CreateDelegationTokenRequest -> CreateDelegationTokenResponse;
    /// RenewDelegationToken.
    renew_delegation_token: RenewDelegationTokenRequest -> RenewDelegationTokenResponse;
    /// ExpireDelegationToken.
    expire_delegation_token: ExpireDelegationTokenRequest -> ExpireDelegationTokenResponse;
    /// DescribeDelegationToken.
    describe_delegation_token: DescribeDelegationTokenRequest -> DescribeDelegationTokenResponse;
}
