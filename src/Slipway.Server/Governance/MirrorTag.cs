namespace Slipway.Server.Governance;

/// <summary>The tags by which clients of MLflow see the state of an approval. The server writes them; they are evidence of nothing.</summary>
internal static class MirrorTag
{
    public const string Request = "approval_request";
    public const string Approved = "production_approved";

    public static bool Is(string key) => key is Request or Approved;
}
