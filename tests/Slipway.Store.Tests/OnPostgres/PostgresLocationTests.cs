using Npgsql;
using Slipway.Store.Postgres;
using Xunit;

namespace Slipway.Store.Tests.OnPostgres;

/// <summary>How a PostgreSQL database is named.</summary>
public sealed class PostgresLocationTests
{
    [Theory]
    [InlineData("Host=db;Port=6432;Database=slipway;Username=ann;Password=secret", "db", 6432, "slipway", "ann", "secret")]
    [InlineData("postgresql://ann:secret@db:6432/slipway", "db", 6432, "slipway", "ann", "secret")]
    [InlineData("postgres://ann:secret@db/slipway", "db", 5432, "slipway", "ann", "secret")]
    [InlineData("POSTGRESQL://ann@db/slipway", "db", 5432, "slipway", "ann", null)]
    [InlineData("postgresql://db/slipway", "db", 5432, "slipway", null, null)]
    [InlineData("postgresql://ann%40corp:p%3A%2F%3F%23%25@db/sl%20ipway", "db", 5432, "sl ipway", "ann@corp", "p:/?#%")]
    [InlineData("postgresql://ann:pass:word@db/slipway", "db", 5432, "slipway", "ann", "pass:word")]
    [InlineData("postgresql://ann@[::1]:6432/slipway", "::1", 6432, "slipway", "ann", null)]
    [InlineData("postgresql:///slipway?host=/var/run/postgresql&user=ann&password=secret", "/var/run/postgresql", 5432, "slipway", "ann", "secret")]
    [InlineData("postgresql:///?host=db&port=6432&dbname=slipway", "db", 6432, "slipway", null, null)]
    public void A_database_is_named_as_libpq_and_Npgsql_name_it(string text, string host, int port, string database, string? user, string? password)
    {
        var settings = PostgresLocation.Parse(text);

        Assert.Equal((host, port, database, user, password), (settings.Host, settings.Port, settings.Database, settings.Username, settings.Password));
    }

    [Theory]
    [InlineData("disable", SslMode.Disable)]
    [InlineData("require", SslMode.Require)]
    [InlineData("verify-ca", SslMode.VerifyCA)]
    [InlineData("verify-full", SslMode.VerifyFull)]
    public void Options_have_the_names_that_libpq_gives_them(string mode, SslMode expected)
    {
        var settings = PostgresLocation.Parse($"postgresql://db/slipway?sslmode={mode}&sslrootcert=/etc/ca.pem&connect_timeout=7&application_name=pilot");

        Assert.Equal((expected, "/etc/ca.pem", 7, "pilot"), (settings.SslMode, settings.RootCertificate, settings.Timeout, settings.ApplicationName));
    }

    [Theory]
    [InlineData("postgresql://ann:secret@db/slipway?colour=red")]
    [InlineData("postgresql://ann:secret@db/slipway?sslmode=perhaps")]
    [InlineData("postgresql://ann:secret@db:port/slipway")]
    [InlineData("Host=db;Colour=red;Password=secret")]
    [InlineData("Host=db;Port=many;Password=secret")]
    [InlineData("Database=slipway;Password=secret")]
    [InlineData("secret")]
    public void What_names_no_database_is_said_without_its_password(string text)
    {
        var fault = Assert.Throws<Fault>(() => PostgresLocation.Parse(text));

        Assert.Contains("Host=…", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", fault.Message, StringComparison.Ordinal);
    }
}
