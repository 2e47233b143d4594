using Npgsql;

namespace Slipway.Store.Postgres;

/// <summary>Reads <c>Host=…</c> or <c>postgresql://user:password@host:port/database?option=value</c>.</summary>
internal static class PostgresLocation
{
    public static NpgsqlConnectionStringBuilder Parse(string text)
    {
        try
        {
            var settings = IsUri(text) ? ParseUri(new Uri(text)) : new NpgsqlConnectionStringBuilder(text);
            return string.IsNullOrEmpty(settings.Host) ? throw NotUnderstood("it names no host") : settings;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            // These messages name a key at most; the text itself may hold a password.
            throw NotUnderstood(exception.Message.TrimEnd('.'));
        }
    }

    private static bool IsUri(string text) =>
        text.StartsWith("postgresql://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("postgres://", StringComparison.OrdinalIgnoreCase);

    private static NpgsqlConnectionStringBuilder ParseUri(Uri uri)
    {
        var settings = new NpgsqlConnectionStringBuilder { Host = uri.DnsSafeHost, Database = Uri.UnescapeDataString(uri.AbsolutePath.TrimStart('/')) };
        if (uri.Port > 0)
        {
            settings.Port = uri.Port;
        }

        if (uri.UserInfo.Length > 0)
        {
            var parts = uri.UserInfo.Split(':', 2);
            settings.Username = Uri.UnescapeDataString(parts[0]);
            settings.Password = parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : null;
        }

        foreach (var option in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = option.Split('=', 2);
            Set(settings, parts[0], Uri.UnescapeDataString(parts.Length > 1 ? parts[1] : ""));
        }

        return settings;
    }

    // The names that libpq gives these options.
    private static void Set(NpgsqlConnectionStringBuilder settings, string option, string value)
    {
        switch (option)
        {
            case "sslmode":
                settings["SSL Mode"] = value.Replace("-", "", StringComparison.Ordinal);
                break;
            case "user":
                settings.Username = value;
                break;
            case "dbname":
                settings.Database = value;
                break;
            case "sslrootcert":
                settings.RootCertificate = value;
                break;
            case "connect_timeout":
                settings["Timeout"] = value;
                break;
            case "application_name":
                settings.ApplicationName = value;
                break;
            default:
                settings[option] = value;
                break;
        }
    }

    private static Fault NotUnderstood(string reason) =>
        Fault.Invalid($"The database's address can't be understood: {reason}. Give it as Host=…;Database=…;Username=… or as postgresql://user@host:port/database.");
}
