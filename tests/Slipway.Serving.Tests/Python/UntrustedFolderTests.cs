using Slipway.Serving.Models;
using Slipway.Serving.Pickles;
using Slipway.Serving.Python;
using Slipway.Serving.Tests.Pickles;
using Slipway.Serving.Workers;
using Xunit;

namespace Slipway.Serving.Tests.Python;

/// <summary>Folders that would run code by other ways than the pickle that one looks at first. None of them gets as far as a Python.</summary>
public sealed class UntrustedFolderTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("slipway-folder-");

    private static byte[] Harmless => Assembler.Start().Import("sklearn.pipeline", "Pipeline").Op(PickleOpcode.EmptyTuple, PickleOpcode.NewObj).Stop();

    private static byte[] Harmful => Assembler.Bare().OldImport("os", "system").Stop();

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("python_function: {loader_module: mlflow.sklearn, model_path: notes.txt}\n  sklearn: {pickled_model: model.pkl}", "notes.txt: os.system")]
    [InlineData("python_function: {loader_module: mlflow.pyfunc.model, python_model: notes.txt}", "notes.txt: os.system")]
    [InlineData("sklearn: {pickled_model: notes.txt}", "notes.txt: os.system")]
    [InlineData("python_function: {loader_module: mlflow.sklearn, code: code}\n  sklearn: {pickled_model: model.pkl}", "brings code of its own")]
    [InlineData("python_function: {loader_module: mlflow.sklearn}\n  sklearn: {pickled_model: model.pkl, code: code}", "brings code of its own")]
    [InlineData("python_function: {loader_module: mlflow.pyfunc.model, python_model: model.pkl, model_code_path: model.py}", "is the script model.py")]
    [InlineData("python_function: {loader_module: evil}\n  sklearn: {pickled_model: model.pkl}", "evil may run what lies")]
    [InlineData("python_function: {loader_module: mlflow.keras}\n  sklearn: {pickled_model: model.pkl}", "mlflow.keras may run what lies")]
    [InlineData("python_function: {loader_module: mlflow.pytorch, data: data}\n  pytorch: {model_data: data}", "unpickled by evil")]
    public async Task What_could_run_code_is_refused(string flavors, string reason)
    {
        Write("MLmodel", System.Text.Encoding.UTF8.GetBytes($"flavors:\n  {flavors}\n"));
        Write("model.pkl", Harmless);
        Write("notes.txt", Harmful);
        Write("data/model.pth", Harmless);
        Write("data/pickle_module_info.txt", "evil\n"u8.ToArray());

        var refused = await Assert.ThrowsAsync<ModelFormatException>(() => OpenAsync());

        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pickle_that_nobody_names_is_looked_at_as_well()
    {
        Write("MLmodel", "flavors:\n  sklearn: {pickled_model: model.pkl}\n"u8.ToArray());
        Write("model.pkl", Harmless);
        Write("artifacts/deep/down/extra.pkl", Harmful);

        var refused = await Assert.ThrowsAsync<ModelFormatException>(() => OpenAsync());

        Assert.Contains("artifacts/deep/down/extra.pkl: os.system", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../outside.pkl")]
    [InlineData("/etc/passwd")]
    [InlineData("linked.pkl")]
    public async Task A_file_outside_of_the_folder_is_not_loaded(string path)
    {
        Write("MLmodel", System.Text.Encoding.UTF8.GetBytes($"flavors:\n  sklearn: {{pickled_model: {path}}}\n"));
        File.CreateSymbolicLink(Path.Join(_folder.FullName, "linked.pkl"), "/etc/passwd");
        await Assert.ThrowsAsync<ModelFormatException>(() => OpenAsync());
    }

    [Fact]
    public void The_scan_is_evidence_in_numbers_and_names()
    {
        Write("model.pkl", Harmless);
        var passed = PickleScanTest.Of(_folder.FullName, AllowedImports.Default);
        Assert.True(passed.Passed);
        Assert.Equal(("1", "\"sklearn.pipeline.Pipeline\"", "0"), (passed.Measured["pickles"].GetRawText(), passed.Measured["imports"].GetRawText(), passed.Measured["refused_count"].GetRawText()));

        Write("other.pkl", Harmful);
        var failed = PickleScanTest.Of(_folder.FullName, AllowedImports.Default);
        Assert.False(failed.Passed);
        Assert.Contains("other.pkl: os.system is not on the list", failed.Measured["refused"].GetString(), StringComparison.Ordinal);
    }

    private Task OpenAsync() => new PythonRuntime().OpenAsync(ModelFolder.Open(_folder.FullName), new WorkerOptions(_folder.FullName) { Python = "/nowhere/python3" }, CancellationToken.None);

    private void Write(string path, byte[] content)
    {
        var full = Path.Join(_folder.FullName, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllBytes(full, content);
    }
}
