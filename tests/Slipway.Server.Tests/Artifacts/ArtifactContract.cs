using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Artifacts;

/// <summary>What the artifact endpoints promise, whatever the database.</summary>
public abstract class ArtifactContract(Func<Task<Fresh>> fresh) : IAsyncLifetime
{
    private const string Proxy = ArtifactServer.Proxy;

    private ArtifactServer _server = null!;

    public async Task InitializeAsync() => _server = await ArtifactServer.StartAsync(await fresh());

    public Task DisposeAsync() => _server.DisposeAsync().AsTask();

    [PromiseTheory]
    [InlineData("plain.txt", "plain.txt")]
    [InlineData("p%20c&+", "p c&+")]
    [InlineData("p+c", "p+c")]
    [InlineData("x%20y/%C3%A9/%E6%BC%A2.txt", "x y/é/漢.txt")]
    [InlineData("%F0%9F%98%80", "😀")]
    [InlineData("100%25", "100%")]
    [InlineData("%c3%bc%20.txt", "ü .txt")]
    [InlineData("~root/...", "~root/...")]
    [InlineData("a;b=c", "a;b=c")]
    [InlineData("quote%22s.txt", "quote\"s.txt")]
    public async Task A_name_comes_back_as_it_was_sent(string encoded, string name)
    {
        await _server.PutAsync($"names/{encoded}", "hello");

        using var reply = await _server.GetAsync($"{Proxy}/names/{encoded}");
        Assert.Equal("hello", await reply.Content.ReadAsStringAsync());
        var disposition = reply.Content.Headers.ContentDisposition!;
        Assert.Equal("attachment", disposition.DispositionType);
        Assert.Equal(name.Split('/')[^1], disposition.FileNameStar ?? disposition.FileName);
        Assert.Equal("nosniff", Assert.Single(reply.Headers.GetValues("X-Content-Type-Options")));
    }

    [PromiseTheory]
    [InlineData("/api/2.0")]
    [InlineData("/ajax-api/2.0")]
    public async Task A_listing_tells_base_names_and_sizes(string prefix)
    {
        await _server.PutAsync("d/b.txt", "hello");
        await _server.PutAsync("d/a", "");
        await _server.PutAsync("d/sub/deeper/x", "x");

        var reply = await _server.Client.GetAsync($"{prefix}/mlflow-artifacts/artifacts", ("path", "d"));

        Assert.Equal("""{"files":[{"path":"a","is_dir":false,"file_size":0},{"path":"b.txt","is_dir":false,"file_size":5},{"path":"sub","is_dir":true}]}""", reply.Text);
        Assert.Equal(reply.Text, (await _server.ListAsync("d/")).Text);
    }

    [Promise]
    public async Task A_listing_without_a_path_is_of_everything_and_without_anything_is_empty()
    {
        Assert.Equal("""{"files":[{"path":"0","is_dir":true}]}""", (await _server.Client.GetAsync(Proxy)).Text);
        Assert.Equal("""{"files":[{"path":"0","is_dir":true}]}""", (await _server.ListAsync("")).Text);
        Assert.Equal("{}", (await _server.ListAsync("nope")).Text);
        Assert.Equal("{}", (await _server.ListAsync($"{_server.RunRoot}/model/MLmodel")).Text);
    }

    [Promise]
    public async Task What_is_not_there_is_a_404_and_a_folder_is_no_file()
    {
        await AssertFaultAsync(HttpMethod.Get, $"{Proxy}/nope/x", HttpStatusCode.NotFound, "RESOURCE_DOES_NOT_EXIST");
        await AssertFaultAsync(HttpMethod.Get, $"{Proxy}/{_server.RunRoot}", HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE");
        await AssertFaultAsync(HttpMethod.Get, $"{Proxy}/{_server.RunRoot}/", HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE");
        await AssertFaultAsync(HttpMethod.Get, $"{Proxy}/", HttpStatusCode.NotFound, "ENDPOINT_NOT_FOUND");
        await AssertFaultAsync(HttpMethod.Put, $"{Proxy}/{_server.RunRoot}", HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE");
        await AssertFaultAsync(HttpMethod.Put, $"{Proxy}/{_server.RunRoot}/model/MLmodel/x", HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE");
        await AssertFaultAsync(HttpMethod.Post, $"{Proxy}/x", HttpStatusCode.MethodNotAllowed, "ENDPOINT_NOT_FOUND");
    }

    [Promise]
    public async Task A_page_is_never_sent_as_a_page()
    {
        await _server.PutAsync("evil.html", "<script>alert(1)</script>");

        using var reply = await _server.GetAsync($"{Proxy}/evil.html");

        Assert.Equal("text/plain", reply.Content.Headers.ContentType!.MediaType);
        Assert.Equal("attachment", reply.Content.Headers.ContentDisposition!.DispositionType);
    }

    [Promise]
    public async Task A_head_request_tells_the_same_without_the_bytes()
    {
        await _server.PutAsync("a.txt", "hello");

        using var reply = await _server.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, $"{Proxy}/a.txt"));

        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
        Assert.Equal(5, reply.Content.Headers.ContentLength);
        Assert.Equal("text/plain", reply.Content.Headers.ContentType!.MediaType);
        Assert.Equal("attachment; filename=a.txt", reply.Content.Headers.ContentDisposition!.ToString());
        Assert.Empty(await reply.Content.ReadAsByteArrayAsync());
    }

    [PromiseTheory]
    [InlineData("bytes=0-2", 206, "hel", "bytes 0-2/11")]
    [InlineData("bytes=6-", 206, "world", "bytes 6-10/11")]
    [InlineData("bytes=-3", 206, "rld", "bytes 8-10/11")]
    [InlineData("bytes=4-999", 206, "o world", "bytes 4-10/11")]
    [InlineData("bytes=11-", 416, "", "bytes */11")]
    [InlineData("bytes=0-1,3-4", 200, "hello world", null)]
    public async Task A_range_is_sent_alone(string range, int status, string bytes, string? contentRange)
    {
        await _server.PutAsync("a.txt", "hello world");

        using var reply = await _server.GetAsync($"{Proxy}/a.txt", range);

        Assert.Equal(status, (int)reply.StatusCode);
        Assert.Equal(bytes, await reply.Content.ReadAsStringAsync());
        Assert.Equal(contentRange, reply.Content.Headers.ContentRange?.ToString());
    }

    [Promise]
    public async Task An_empty_and_a_chunked_body_are_stored()
    {
        (await _server.Client.SendAsync(HttpMethod.Put, $"{Proxy}/empty")).Ok();
        using var body = new StreamContent(new OnlyForward("abcdef"u8.ToArray()));
        (await _server.Client.SendAsync(HttpMethod.Put, $"{Proxy}/chunked", body)).Ok();

        Assert.Equal("", await _server.Http.GetStringAsync(new Uri($"{Proxy}/empty", UriKind.Relative)));
        Assert.Equal("abcdef", await _server.Http.GetStringAsync(new Uri($"{Proxy}/chunked", UriKind.Relative)));
    }

    [PromiseTheory]
    [InlineData("Content-Length: 1000\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n1000\r\n")]
    public async Task An_upload_that_breaks_off_leaves_nothing(string framing)
    {
        await _server.PutAsync("d/old", "old");
        var before = _server.OnDisk();
        foreach (var path in new[] { "d/old", "d/new", "other/new" })
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(_server.Address.Host, _server.Address.Port);
            await socket.SendAsync(Encoding.ASCII.GetBytes($"PUT {Proxy}/{path} HTTP/1.1\r\nHost: {_server.Address.Authority}\r\n{framing}{new string('x', 100)}"));
            await ArtifactServer.UntilAsync(() => Directory.GetFiles(_server.Incoming).Length == 1);
            socket.Close();
            await ArtifactServer.UntilAsync(() => Directory.GetFiles(_server.Incoming).Length == 0);
        }

        Assert.Equal(before, _server.OnDisk());
    }

    [Promise]
    public async Task A_chunk_that_is_none_is_a_400_and_leaves_nothing()
    {
        var before = _server.OnDisk();

        var reply = await RawHttp.SendAsync(_server.Address, $"PUT {Proxy}/bad HTTP/1.1\r\nHost: {_server.Address.Authority}\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nzz\r\n");

        Assert.Equal(400, reply!.Status);
        Assert.Equal(before, _server.OnDisk());
    }

    [Promise]
    public async Task Whoever_downloads_while_others_upload_gets_one_whole_file()
    {
        await _server.PutAsync("shared", new string('0', 200_000));
        var uploads = Enumerable.Range(1, 6).Select(i => Task.Run(() => _server.PutAsync("shared", new string((char)('0' + i), 200_000 + i)))).ToList();

        while (!uploads.TrueForAll(upload => upload.IsCompleted))
        {
            var text = await _server.Http.GetStringAsync(new Uri($"{Proxy}/shared", UriKind.Relative));
            Assert.Equal(new string(text[0], 200_000 + text[0] - '0'), text);
        }

        await Task.WhenAll(uploads);
        Assert.Empty(Directory.GetFiles(_server.Incoming));
    }

    [Promise]
    public async Task A_deletion_is_on_record_and_what_is_not_there_is_deleted_already()
    {
        await _server.PutAsync("d/x", "x");
        await _server.PutAsync("d/sub/y", "y");
        await _server.PutAsync("d2/z", "z");

        Assert.Equal("{}", (await _server.Client.DeleteAsync($"{Proxy}/d/x")).Text);
        Assert.Equal("{}", (await _server.Client.DeleteAsync($"{Proxy}/d")).Text);
        Assert.Equal("{}", (await _server.Client.DeleteAsync($"{Proxy}/d")).Text);

        Assert.Equal("""{"files":[{"path":"0","is_dir":true},{"path":"d2","is_dir":true}]}""", (await _server.ListAsync("")).Text);
        await ArtifactServer.UntilAsync(() => Directory.GetFileSystemEntries(Path.Join(Path.GetDirectoryName(_server.Incoming)!, "trash")).Length == 0);
    }

    [Promise]
    public async Task What_is_stored_and_deleted_stays_so_after_a_restart()
    {
        await _server.PutAsync("kept", "kept");
        await _server.PutAsync("gone", "gone");
        await _server.Client.DeleteAsync($"{Proxy}/gone");
        await _server.RestartAsync();

        Assert.Equal("kept", await _server.Http.GetStringAsync(new Uri($"{Proxy}/kept", UriKind.Relative)));
        await AssertFaultAsync(HttpMethod.Get, $"{Proxy}/gone", HttpStatusCode.NotFound, "RESOURCE_DOES_NOT_EXIST");
    }

    [Promise]
    public async Task Uploads_and_downloads_in_parts_are_refused_in_the_words_that_clients_look_for()
    {
        foreach (var step in new[] { "create", "complete", "abort" })
        {
            var reply = await _server.Client.PostAsync($"/api/2.0/mlflow-artifacts/mpu/{step}/0/dir", new { path = "/home/me/m.bin", num_parts = 2 });
            Assert.Equal(HttpStatusCode.NotImplemented, reply.Status);
            Assert.Equal("NOT_IMPLEMENTED", reply.ErrorCode);
            Assert.StartsWith("Multipart upload is not supported for the current artifact repository", reply.Message, StringComparison.Ordinal);
        }

        await AssertFaultAsync(HttpMethod.Get, "/api/2.0/mlflow-artifacts/presigned/0/x", HttpStatusCode.NotImplemented, "NOT_IMPLEMENTED");
    }

    [PromiseTheory]
    [InlineData("run_id")]
    [InlineData("run_uuid")]
    public async Task A_runs_artifacts_are_listed_relative_to_its_root(string parameter)
    {
        var root = await _server.Client.GetAsync("artifacts/list", (parameter, _server.RunId));
        Assert.Equal($$"""{"root_uri":"mlflow-artifacts:/{{_server.RunRoot}}","files":[{"path":"model","is_dir":true}]}""", root.Text);

        var below = await _server.Client.GetAsync("artifacts/list", (parameter, _server.RunId), ("path", "model/"));
        Assert.Equal("model/MLmodel", below.Ok()["files"]![0]!["path"]!.GetValue<string>());

        var file = await _server.Client.GetAsync("artifacts/list", (parameter, _server.RunId), ("path", "model/MLmodel"));
        Assert.Equal($$"""{"root_uri":"mlflow-artifacts:/{{_server.RunRoot}}"}""", file.Text);

        Assert.Equal(root.Text, (await _server.Client.GetAsync("/api/2.0/preview/mlflow/artifacts/list", (parameter, _server.RunId))).Text);
    }

    [Promise]
    public async Task A_runs_file_is_downloaded_by_its_run()
    {
        using var reply = await _server.GetAsync($"/get-artifact?run_id={_server.RunId}&path=model%2FMLmodel");

        Assert.Equal("flavors: {}", await reply.Content.ReadAsStringAsync());
        Assert.Equal("attachment; filename=MLmodel", reply.Content.Headers.ContentDisposition!.ToString());
        Assert.Equal("flavors: {}", await _server.Http.GetStringAsync(new Uri($"/get-artifact?run_uuid={_server.RunId}&path=model/MLmodel", UriKind.Relative)));
        await AssertFaultAsync(HttpMethod.Get, $"/get-artifact?run_id={_server.RunId}&path=nope", HttpStatusCode.NotFound, "RESOURCE_DOES_NOT_EXIST");
        await AssertFaultAsync(HttpMethod.Get, $"/get-artifact?run_id={_server.RunId}", HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE");
        await AssertFaultAsync(HttpMethod.Get, "/get-artifact?path=a.txt", HttpStatusCode.NotFound, "RESOURCE_DOES_NOT_EXIST");
        await AssertFaultAsync(HttpMethod.Get, $"/get-artifact?run_id={new string('f', 32)}&path=a.txt", HttpStatusCode.NotFound, "RESOURCE_DOES_NOT_EXIST");
        await AssertFaultAsync(HttpMethod.Get, "/get-artifact?run_id=../0&path=a.txt", HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE");
    }

    [Promise]
    public async Task A_versions_file_is_downloaded_by_its_version()
    {
        Assert.Equal("flavors: {}", await _server.Http.GetStringAsync(new Uri("/model-versions/get-artifact?name=iris&version=1&path=MLmodel", UriKind.Relative)));
        await AssertFaultAsync(HttpMethod.Get, "/model-versions/get-artifact?name=iris&version=2&path=MLmodel", HttpStatusCode.NotFound, "RESOURCE_DOES_NOT_EXIST");
        await AssertFaultAsync(HttpMethod.Get, "/model-versions/get-artifact?name=iris&version=x&path=MLmodel", HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE");
        await AssertFaultAsync(HttpMethod.Get, "/model-versions/get-artifact?version=1&path=MLmodel", HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE");
        await AssertFaultAsync(HttpMethod.Get, "/model-versions/get-artifact?name=iris&version=1", HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE");
    }

    [Promise]
    public async Task A_logged_models_files_are_listed_and_downloaded_by_the_model()
    {
        var list = await _server.Client.GetAsync($"logged-models/{_server.ModelId}/artifacts/directories");
        Assert.Equal($$"""{"root_uri":"mlflow-artifacts:/0/models/{{_server.ModelId}}/artifacts","files":[{"path":"MLmodel","is_dir":false,"file_size":6}]}""", list.Text);

        var files = $"/ajax-api/2.0/mlflow/logged-models/{_server.ModelId}/artifacts/files";
        Assert.Equal("logged", await _server.Http.GetStringAsync(new Uri($"{files}?artifact_file_path=MLmodel", UriKind.Relative)));
        await AssertFaultAsync(HttpMethod.Get, files, HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE");
        await AssertFaultAsync(HttpMethod.Get, $"/ajax-api/2.0/mlflow/logged-models/m-{new string('0', 32)}/artifacts/files?artifact_file_path=x", HttpStatusCode.NotFound, "RESOURCE_DOES_NOT_EXIST");
    }

    [Promise]
    public async Task A_browser_uploads_a_small_file_to_a_run()
    {
        var url = $"/ajax-api/2.0/mlflow/upload-artifact?run_uuid={_server.RunId}&path=ui%2Fup.txt";
        var reply = await _server.Client.SendTextAsync(HttpMethod.Post, url, "from ui", "text/plain");

        Assert.Equal((HttpStatusCode.OK, ""), (reply.Status, reply.Text));
        Assert.Equal("from ui", await _server.Http.GetStringAsync(new Uri($"{Proxy}/{_server.RunRoot}/ui/up.txt", UriKind.Relative)));
        await AssertFaultAsync(HttpMethod.Post, url, HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE");
        await AssertFaultAsync(HttpMethod.Post, $"/ajax-api/2.0/mlflow/upload-artifact?run_uuid={_server.RunId}", HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE");
        await AssertFaultAsync(HttpMethod.Post, "/ajax-api/2.0/mlflow/upload-artifact?path=x", HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE");
    }

    [Promise]
    public async Task A_browser_uploads_no_large_file()
    {
        var url = $"/ajax-api/2.0/mlflow/upload-artifact?run_uuid={_server.RunId}&path=large";

        var told = await RawHttp.SendAsync(_server.Address, $"POST {url} HTTP/1.1\r\nHost: {_server.Address.Authority}\r\nContent-Length: {(10 << 20) + 1}\r\n\r\n");
        Assert.Equal(400, told!.Status);
        Assert.Contains("INVALID_PARAMETER_VALUE", told.Body, StringComparison.Ordinal);

        using var content = new StreamContent(new Zeros((10 << 20) + 1));
        content.Headers.ContentLength = null;
        var found = await _server.Client.SendAsync(HttpMethod.Post, url, content);
        Assert.Equal((HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE"), (found.Status, found.ErrorCode));
        await AssertFaultAsync(HttpMethod.Get, $"{Proxy}/{_server.RunRoot}/large", HttpStatusCode.NotFound, "RESOURCE_DOES_NOT_EXIST");
    }

    [Promise]
    public async Task Artifacts_that_lie_elsewhere_are_not_fetched()
    {
        var experiment = (await _server.Client.PostAsync("experiments/create", new { name = "far", artifact_location = "s3://bucket/x" })).Ok()["experiment_id"]!.GetValue<string>();
        var run = (await _server.Client.PostAsync("runs/create", new { experiment_id = experiment })).Ok()["run"]!["info"]!["run_id"]!.GetValue<string>();

        await AssertFaultAsync(HttpMethod.Get, $"/api/2.0/mlflow/artifacts/list?run_id={run}", HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE");
        await AssertFaultAsync(HttpMethod.Get, $"/get-artifact?run_id={run}&path=x", HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE");
        await AssertFaultAsync(HttpMethod.Post, $"/ajax-api/2.0/mlflow/upload-artifact?run_uuid={run}&path=x", HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE", "x");
        Assert.Equal(HttpStatusCode.NotImplemented, (await _server.Client.PostAsync("artifacts/presigned-upload-url", new { run_id = run, path = "x" })).Status);
        Assert.Equal("INVALID_PARAMETER_VALUE", (await _server.Client.PostAsync("artifacts/presigned-upload-url", new { run_id = _server.RunId, path = "x" })).ErrorCode);
    }

    [PromiseTheory]
    [InlineData("/etc")]
    [InlineData("file:///etc")]
    [InlineData("mlflow-artifacts:/0")]
    [InlineData("mlflow-artifacts:/../x")]
    [InlineData("mlflow-artifacts:/x#frag")]
    public async Task No_experiment_is_placed_on_the_servers_own_files(string location)
    {
        var reply = await _server.Client.PostAsync("experiments/create", new { name = "sly", artifact_location = location });

        Assert.Equal((HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE"), (reply.Status, reply.ErrorCode));
    }

    [Promise]
    public async Task An_experiment_with_a_place_of_its_own_keeps_its_artifacts_there()
    {
        var experiment = (await _server.Client.PostAsync("experiments/create", new { name = "own", artifact_location = "mlflow-artifacts:/other/place" })).Ok()["experiment_id"]!.GetValue<string>();
        var run = (await _server.Client.PostAsync("runs/create", new { experiment_id = experiment })).Ok()["run"]!["info"]!["run_id"]!.GetValue<string>();
        await _server.PutAsync($"other/place/{run}/artifacts/x.txt", "x");

        Assert.Equal("x", await _server.Http.GetStringAsync(new Uri($"/get-artifact?run_id={run}&path=x.txt", UriKind.Relative)));
    }

    private async Task AssertFaultAsync(HttpMethod method, string url, HttpStatusCode status, string code, string body = "")
    {
        var reply = await _server.Client.SendAsync(method, url, body.Length > 0 ? new StringContent(body) : null);
        Assert.True((reply.Status, reply.ErrorCode) == (status, code), string.Create(CultureInfo.InvariantCulture, $"{method} {url}: {(int)reply.Status} {reply.Text}"));
    }

    /// <summary>A body whose length is not known before it was read.</summary>
    private sealed class OnlyForward(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}

public sealed class ArtifactsOnSqlite() : ArtifactContract(Fresh.SqliteAsync);

[Needs("postgres")]
public sealed class ArtifactsOnPostgres() : ArtifactContract(Fresh.PostgresAsync);
