using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Slipway.Server.Tests.Identity;

/// <summary>An identity provider of the test's own on loopback: it publishes its keys, and the test signs what it likes.</summary>
internal sealed class Issuer : IAsyncDisposable
{
    public const string Audience = "slipway";

    private readonly HttpListener _listener = new();
    private readonly Task _loop;
    private readonly TimeProvider _time;
    private readonly Dictionary<string, RSA> _published = [];
    private RSA _key = RSA.Create(2048);
    private string _keyId = KeyId;
    private int _asked;

    private Issuer(int port, TimeProvider time)
    {
        _time = time;
        _published[KeyId] = _key;
        Address = $"http://127.0.0.1:{port}";
        _listener.Prefixes.Add(Address + "/");
        _listener.Start();
        _loop = Task.Run(AnswerAsync);
    }

    public string Address { get; }

    /// <summary>The key by which the published one is known.</summary>
    public const string KeyId = "k1";

    public RSA Key => _key;

    /// <summary>How often it was asked for its keys.</summary>
    public int Asked => Volatile.Read(ref _asked);

    /// <summary>Whether it answers everything with an error.</summary>
    public bool IsDown { get; set; }

    public static Issuer Start(TimeProvider? time = null)
    {
        // A port that was free a moment ago; nobody else on this machine asks for it by number.
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        var port = ((IPEndPoint)probe.LocalEndpoint).Port;
        probe.Stop();
        return new Issuer(port, time ?? TimeProvider.System);
    }

    /// <summary>Signs with another key from now on, and publishes it beside those before.</summary>
    public void Rotate(string keyId)
    {
        (_key, _keyId) = (RSA.Create(2048), keyId);
        _published[keyId] = _key;
    }

    /// <summary>Takes a key back.</summary>
    public void Withdraw(string keyId) => _published.Remove(keyId);

    /// <summary>A token as it should be, but for what the test changes in its claims.</summary>
    public string Token(Action<JsonObject>? change = null, RSA? by = null)
    {
        var now = _time.GetUtcNow().ToUnixTimeSeconds();
        var claims = new JsonObject
        {
            ["iss"] = Address,
            ["aud"] = Audience,
            ["sub"] = "subject-1",
            ["email"] = "ann@example.org",
            ["groups"] = new JsonArray("team", "elsewhere"),
            ["iat"] = now,
            ["exp"] = now + 300,
        };
        change?.Invoke(claims);
        var text = Text("RS256", claims);
        return $"{text}.{Base64Url.EncodeToString((by ?? _key).SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
    }

    /// <summary>Header and claims, which the test signs by itself, or not.</summary>
    public string Text(string algorithm, JsonObject claims) =>
        $"{Encode(new JsonObject { ["alg"] = algorithm, ["typ"] = "JWT", ["kid"] = _keyId })}.{Encode(claims)}";

    /// <summary>The claims of a token, to be signed anew.</summary>
    public static JsonObject ClaimsOf(string token) => JsonNode.Parse(Base64Url.DecodeFromChars(token.Split('.')[1]))!.AsObject();

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _loop;
        _key.Dispose();
        _published.Values.ToList().ForEach(key => key.Dispose());
    }

    private static string Encode(JsonObject json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json.ToJsonString()));

    private async Task AnswerAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                var context = await _listener.GetContextAsync();
                context.Response.StatusCode = IsDown ? 503 : 200;
                var body = JsonSerializer.SerializeToUtf8Bytes(context.Request.Url!.AbsolutePath == "/keys" ? Keys() : Discovery());
                context.Response.ContentType = "application/json";
                await context.Response.OutputStream.WriteAsync(body);
                context.Response.Close();
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private JsonObject Discovery() => new() { ["issuer"] = Address, ["jwks_uri"] = Address + "/keys" };

    private JsonObject Keys()
    {
        Interlocked.Increment(ref _asked);
        return new JsonObject { ["keys"] = new JsonArray([.. _published.Select(key => PublicHalf(key.Key, key.Value))]) };
    }

    private static JsonObject PublicHalf(string keyId, RSA key)
    {
        var numbers = key.ExportParameters(includePrivateParameters: false);
        return new JsonObject
        {
            ["kty"] = "RSA",
            ["use"] = "sig",
            ["kid"] = keyId,
            ["n"] = Base64Url.EncodeToString(numbers.Modulus),
            ["e"] = Base64Url.EncodeToString(numbers.Exponent),
        };
    }
}
