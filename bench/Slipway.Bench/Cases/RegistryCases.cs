using Slipway.Bench.Load;

namespace Slipway.Bench.Cases;

/// <summary>What serving and promoting do: a version is found, added, described and moved.</summary>
internal sealed class RegistryCases(Material material)
{
    private const int Few = 10;
    private const int Many = 10_000;

    private readonly Lazy<string> _few = new(() => Create(material, "few", Few));
    private readonly Lazy<string> _many = new(() => Create(material, "many", Many));

    public IEnumerable<Case> All =>
    [
        new("latest-versions-10", () => LatestVersions(_few.Value)) { Share = 0.30 },
        new("latest-versions-10000", () => LatestVersions(_many.Value)) { Share = 0.30 },
        new("alias-10", () => Alias(_few.Value)) { Share = 0.30 },
        new("alias-10000", () => Alias(_many.Value)) { Share = 0.30 },
        new("create-version", () => CreateVersion(Create(material, "grown", Few))) { Share = 0.04, IsGoverned = true },
        new("set-version-tag", () => SetVersionTag(_few.Value)) { Share = 0.04, IsGoverned = true },
        new("transition-stage", () => TransitionStage(Create(material, "moved", Few))) { Share = 0.04, IsGoverned = true },
        new("transition-gated", () => TransitionStage(new GatedModel(material).Create("gated", Few - 1))) { Times = ("transition-stage", 3), IsGoverned = true },
    ];

    public static Operation CreateVersion(string name) => new(
        Template.Post(Material.Api + "model-versions/create", $$"""
            {"name":"{{name}}","source":"s3://models/##########/model","run_id":"","description":"",
            "tags":[{"key":"task","value":"classification"},{"key":"framework","value":"sklearn"}]}
            """),
        (request, number) => request.Write(0, number));

    private static string Create(Material material, string name, int versions)
    {
        material.CreateModel(name, versions);
        return name;
    }

    // What models:/NAME/Production asks for.
    private static Operation LatestVersions(string name) =>
        new(Template.Post(Material.Api + "registered-models/get-latest-versions", $$"""{"name":"{{name}}","stages":["Production"]}"""), (_, _) => { });

    private static Operation Alias(string name) =>
        new(Template.Get($"{Material.Api}registered-models/alias?name={name}&alias=champion"), (_, _) => { });

    private static Operation SetVersionTag(string name) => new(
        Template.Post(Material.Api + "model-versions/set-tag", $$"""{"name":"{{name}}","version":"#","key":"checked-by","value":"##########"}"""),
        (request, number) =>
        {
            request.Write(0, 1 + (number % (Few - 1)));
            request.Write(1, number);
        });

    // Each goes into Production and archives the one that was there.
    private static Operation TransitionStage(string name) => new(
        Template.Post(Material.Api + "model-versions/transition-stage", $$"""{"name":"{{name}}","version":"#","stage":"Production","archive_existing_versions":true}"""),
        (request, number) => request.Write(0, 1 + (number % (Few - 1))));
}
