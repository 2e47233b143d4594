using Slipway.Serving.Judging;

namespace Slipway.Serving.Gateway.Records;

/// <summary>One look of the judge, as kept in the journal (<c>GET /looks?after=N</c>).</summary>
/// <param name="Number">Counts all looks of this folder, from 1.</param>
/// <param name="At">When, in milliseconds.</param>
/// <param name="Model">The model.</param>
/// <param name="Rollout">The rollout, or <c>watch:DEPLOYMENT</c>.</param>
/// <param name="Step">The step, counted from 0.</param>
/// <param name="Percent">The candidate's share of the traffic.</param>
/// <param name="Judged">What the judge saw and said.</param>
internal sealed record JournaledLook(long Number, long At, string Model, string Rollout, int Step, double Percent, Look Judged);

/// <summary>What <c>GET /looks</c> answers: at most 1,000, the oldest first. Asking for those after N also lets go of all up to N.</summary>
internal sealed record LooksAnswer(IReadOnlyList<JournaledLook> Looks);

/// <summary>
/// Moves all traffic of a model at once (<c>POST /rollback</c>): <paramref name="To"/> is a deployment id; without it, the stable one
/// while a rollout is under way, and else the previous one. A rollout under way has failed by it, with the signal <c>hand</c>.
/// </summary>
internal sealed record RollbackOrder(string Model, string? To = null, string? Reason = null);

/// <summary>What the control socket answers in place of a result, with status 400, 404 or 409.</summary>
internal sealed record ControlProblem(string Message);
