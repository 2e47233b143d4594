using Slipway.Serving.Models;
using Xunit;

namespace Slipway.Serving.Tests.Models;

/// <summary>No path that a model names leads out of its folder.</summary>
public sealed class ModelFolderTests : IDisposable
{
    private readonly DirectoryInfo _place = Directory.CreateTempSubdirectory("slipway-model-");

    private string Inside => Path.Join(_place.FullName, "model");

    public ModelFolderTests()
    {
        Directory.CreateDirectory(Path.Join(Inside, "data"));
        File.WriteAllText(Path.Join(_place.FullName, "secret"), "");
        File.WriteAllText(Path.Join(Inside, "data", "model.pth"), "");
        File.CreateSymbolicLink(Path.Join(Inside, "link"), Path.Join(_place.FullName, "secret"));
        File.CreateSymbolicLink(Path.Join(Inside, "dangling"), Path.Join(_place.FullName, "nothing"));
        Directory.CreateSymbolicLink(Path.Join(Inside, "out"), _place.FullName);
    }

    [Theory]
    [InlineData("../secret")]
    [InlineData("data/../../secret")]
    [InlineData("/etc/passwd")]
    [InlineData("data//model.pth")]
    [InlineData("./data")]
    [InlineData("data\\..\\secret")]
    [InlineData("data/\0")]
    [InlineData("")]
    [InlineData("link")]
    [InlineData("dangling")]
    [InlineData("out/secret")]
    [InlineData("out")]
    public void A_path_that_leads_out_is_refused(string path) => Assert.Throws<ModelFormatException>(() => ModelFolder.Open(Inside).Find(path));

    [Fact]
    public void A_path_that_stays_inside_is_found_and_one_that_is_not_there_is_not()
    {
        var folder = ModelFolder.Open(Inside);

        Assert.Equal(Path.Join(folder.Path, "data", "model.pth"), folder.Find("data/model.pth"));
        Assert.Null(folder.Find("data/other"));
        Assert.Contains("'data/other'", Assert.Throws<ModelFormatException>(() => folder.Get("data/other")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_is_reached_through_a_link_is_the_one_behind_it()
    {
        var link = Path.Join(_place.FullName, "latest");
        Directory.CreateSymbolicLink(link, Inside);

        Assert.Equal(ModelFolder.Open(Inside).Path, ModelFolder.Open(link).Path);
    }

    [Fact]
    public void An_MLmodel_file_that_is_a_link_is_not_followed()
    {
        File.CreateSymbolicLink(Path.Join(Inside, "MLmodel"), Path.Join(_place.FullName, "secret"));

        Assert.Throws<ModelFormatException>(() => ModelFolder.Open(Inside));
    }

    public void Dispose() => _place.Delete(recursive: true);
}
