namespace Slipway.Wire.Delivery;

/// <summary>POST models/{name}/versions/{version}/trials: serves a version of an earlier stage beside the stable one. No stage changes; it ends in the test <c>a_b_test</c>.</summary>
/// <param name="Environment">Required; the environment's name.</param>
/// <param name="Percent">The share of the traffic that the version gets, 0.01 to 50; 10 unless told otherwise.</param>
/// <param name="For">How long it gets it, such as <c>30m</c> or <c>24h</c>, from 1s to 90d; 24h unless told otherwise.</param>
/// <param name="Samples">How many requests it has to answer in that time, without which it does not pass; 200 unless told otherwise.</param>
/// <param name="Metrics">What is compared: of <c>errors</c>, <c>latency</c>, <c>predictions</c>, <c>schema</c> and <c>accuracy</c>; absent or empty for all that there is to see.</param>
public sealed record StartTrialRequest(string? Environment, double? Percent, string? For, long? Samples, IReadOnlyList<string>? Metrics);

/// <summary>POST models/{name}/trials/stop: ends a trial before its time. No test is recorded.</summary>
/// <param name="Environment">Where; may be absent where one trial of the model is under way.</param>
/// <param name="Reason">Why; may be absent.</param>
public sealed record StopTrialRequest(string? Environment, string? Reason);
