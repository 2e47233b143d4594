namespace Slipway.Server.Tests.Datasets;

/// <summary>Two versions of a dataset as a well-known course on MLflow makes them; <c>Files/make_sentiment.py</c> says how.</summary>
internal static class SentimentFiles
{
    /// <summary>The other implementation of the table digest, written from its specification.</summary>
    public static string Script => In("table_digest.py");

    public static string Path(string version) => In($"sentiment-train-{version}.csv");

    private static string In(string file) => System.IO.Path.Join(AppContext.BaseDirectory, "Datasets", "Files", file);
}
