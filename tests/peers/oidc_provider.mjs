// An OpenID provider (npm oidc-provider) on a free port of loopback: code with PKCE, refresh tokens that rotate and whose
// reuse ends the grant, device codes, client credentials, introspection, revocation. Prints its origin once it listens;
// `/counts` tells what it saw.
import http from 'node:http';
import Provider from 'oidc-provider';

const counts = {};
const count = (client, what) => {
  counts[client] ??= { refreshes: 0, revoked: 0 };
  counts[client][what] += 1;
};
const server = http.createServer();
server.listen(0, '127.0.0.1', () => {
  const origin = `http://127.0.0.1:${server.address().port}`;
  const device = 'urn:ietf:params:oauth:grant-type:device_code';
  const provider = new Provider(origin, {
    clients: [
      {
        client_id: 'native', token_endpoint_auth_method: 'none', application_type: 'native', response_types: ['code'],
        grant_types: ['authorization_code', 'refresh_token', device], redirect_uris: ['http://127.0.0.1/callback'],
      },
      {
        client_id: 'web', client_secret: 's3:cr+t', token_endpoint_auth_method: 'client_secret_basic', response_types: ['code'],
        grant_types: ['authorization_code', 'refresh_token'], redirect_uris: ['https://app.example.com/done'],
      },
      {
        client_id: 'svc', client_secret: 'svcsecret', token_endpoint_auth_method: 'client_secret_basic', response_types: [],
        grant_types: ['client_credentials'], redirect_uris: [],
      },
    ],
    scopes: ['openid', 'offline_access', 'api:read', 'api:write'],
    features: {
      devInteractions: { enabled: true }, deviceFlow: { enabled: true }, clientCredentials: { enabled: true },
      introspection: { enabled: true, allowedPolicy: () => true }, revocation: { enabled: true, allowedPolicy: () => true },
    },
    ttl: {
      AccessToken: 20, ClientCredentials: 20, DeviceCode: 60, RefreshToken: 3600, AuthorizationCode: 60, Interaction: 600,
      Session: 600, Grant: 3600, IdToken: 60,
    },
    rotateRefreshToken: true,
    cookies: { keys: ['only for tests'] },
  });
  provider.on('grant.success', (ctx) => {
    if (ctx.oidc.params.grant_type === 'refresh_token') count(ctx.oidc.client.clientId, 'refreshes');
  });
  provider.on('grant.revoked', (ctx) => count(ctx.oidc.client.clientId, 'revoked'));
  const serve = provider.callback();
  server.on('request', (request, response) => {
    if (request.url === '/counts') response.end(JSON.stringify(counts));
    else serve(request, response);
  });
  console.log(origin);
});
