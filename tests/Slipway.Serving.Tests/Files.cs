namespace Slipway.Serving.Tests;

/// <summary>The models that the tests bring along; make_models.py made them.</summary>
internal static class Files
{
    public static string Of(string name) => Path.Join(AppContext.BaseDirectory, "Files", name);
}
