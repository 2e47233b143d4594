using Slipway.Serving.Gateway.Records;

namespace Slipway.Serving.Gateway.Journals;

/// <summary>A deployment, as the journal of requests has to know it longer than any table.</summary>
internal sealed record KnownDeployment(int Number, string Id, string Model, string Version);

/// <summary>Numbers deployments, for two bytes of each request's record; kept in a file of the gateway's folder.</summary>
internal sealed class DeploymentNumbers
{
    private readonly string _path;
    private readonly Lock _gate = new();
    private volatile List<KnownDeployment> _known;

    public DeploymentNumbers(string folder)
    {
        _path = Path.Join(folder, "deployments.json");
        _known = File.Exists(_path) ? GatewayJson.Read<List<KnownDeployment>>(File.ReadAllBytes(_path)) : [];
    }

    public KnownDeployment? Find(int number)
    {
        var known = _known;
        return number >= 0 && number < known.Count ? known[number] : null;
    }

    public int NumberOf(Deployment deployment, string model)
    {
        lock (_gate)
        {
            if (_known.FirstOrDefault(known => known.Id == deployment.Id) is { } before)
            {
                return before.Number;
            }

            var added = new KnownDeployment(_known.Count, deployment.Id, model, deployment.Version);
            var all = new List<KnownDeployment>(_known) { added };
            WholeFile.Write(_path, GatewayJson.Write(all));
            _known = all;
            return added.Number;
        }
    }
}
