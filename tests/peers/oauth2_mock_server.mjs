// A token endpoint (npm oauth2-mock-server) on a free port of loopback that misbehaves on demand: `/next?fault=NAME` spoils
// the next answer, `/expire` ends every access token. `/protected` takes the newest token. Prints its origin.
import http from 'node:http';
import { OAuth2Server } from 'oauth2-mock-server';

const mock = new OAuth2Server();
await mock.issuer.keys.generate('RS256');
let fault = '';
let newest = '';
let count = 0;

mock.service.on('beforeResponse', (answer) => {
  const refuse = (status, error) => { answer.statusCode = status; answer.body = { error }; };
  const chosen = fault;
  fault = '';
  count += 1;
  answer.body.refresh_token = `r${count}`;
  if (chosen === 'html') answer.body = '<html>welcome to the hotel</html>';
  else if (chosen === 'error500') refuse(500, 'server_error');
  else if (chosen === 'temporarily_unavailable') refuse(503, 'temporarily_unavailable');
  else if (chosen === 'invalid_client') refuse(401, 'invalid_client');
  else if (chosen === 'invalid_grant') refuse(400, 'invalid_grant');
  else if (chosen === 'expires_text') answer.body.expires_in = '3600';
  else if (chosen === 'expires_zero') answer.body.expires_in = 0;
  else if (chosen === 'expires_negative') answer.body.expires_in = -1;
  else if (chosen === 'expires_missing') delete answer.body.expires_in;
  else if (chosen === 'no_refresh_token') delete answer.body.refresh_token;
  newest = answer.body.access_token ?? newest;
});

const server = http.createServer((request, response) => {
  const url = new URL(request.url, mock.issuer.url);
  if (url.pathname === '/next') {
    fault = url.searchParams.get('fault');
    response.end();
  } else if (url.pathname === '/expire') {
    newest = '';
    response.end();
  } else if (url.pathname === '/protected') {
    const good = newest !== '' && request.headers.authorization === `Bearer ${newest}`;
    response.statusCode = good ? 200 : 401;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ ok: good }));
  } else {
    mock.service.requestHandler(request, response);
  }
});
server.listen(0, '127.0.0.1', () => {
  mock.issuer.url = `http://127.0.0.1:${server.address().port}`;
  console.log(mock.issuer.url);
});
