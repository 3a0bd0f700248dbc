#include "server/metrics.hpp"

#include <coroom/version.hpp>

#include <chrono>
#include <limits>
#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>
#include <utility>
#include <vector>

namespace coroom::server {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

MetricFamily family(std::string name, std::string help, MetricType type) {
  MetricFamily made;
  made.name = "coroom_" + std::move(name);
  made.help = std::move(help);
  made.type = type;
  return made;
}

MetricFamily gauge(std::string name, std::string help, std::size_t value) {
  MetricFamily made = family(std::move(name), std::move(help), MetricType::Gauge);
  made.metric.emplace_back().gauge.value = static_cast<double>(value);
  return made;
}

MetricFamily counter(std::string name, std::string help, std::uint64_t value) {
  MetricFamily made = family(std::move(name) + "_total", std::move(help), MetricType::Counter);
  made.metric.emplace_back().counter.value = static_cast<double>(value);
  return made;
}

void add_cause(MetricFamily& counter, const char* cause, std::uint64_t value) {
  ClientMetric& metric = counter.metric.emplace_back();
  metric.label.push_back({"cause", cause});
  metric.counter.value = static_cast<double>(value);
}

struct Cause {
  Counter count;
  const char* name;
};

/// Returns one counter with several causes.
MetricFamily by_cause(std::string name, std::string help, std::initializer_list<Cause> causes,
                      const Counters& counters) {
  MetricFamily made = family(std::move(name) + "_total", std::move(help), MetricType::Counter);
  for (const auto& [count, cause] : causes) add_cause(made, cause, counters.get(count));
  return made;
}

MetricFamily unwritten_lines(const logging::Unwritten& lines) {
  MetricFamily made =
      family("log_lines_dropped_total",
             "Log lines that were not written, by cause: over --log-rate, or standard error stalled",
             MetricType::Counter);
  add_cause(made, "rate", lines.suppressed);
  add_cause(made, "stalled", lines.lost);
  return made;
}

MetricFamily refused_tokens(const Counters& counters) {
  MetricFamily made = family("tokens_refused_total", "Rejected tokens, by cause", MetricType::Counter);
  for (std::size_t index = 0; index != token_cause_names.size(); ++index) {
    ClientMetric& metric = made.metric.emplace_back();
    metric.label.push_back({"cause", token_cause_names.at(index)});
    metric.counter.value = static_cast<double>(counters.get(static_cast<TokenCause>(index)));
  }
  return made;
}

double seconds(std::chrono::microseconds time) {
  return std::chrono::duration<double>(time).count();
}

MetricFamily delivery_times(const DeliveryTimes& times) {
  MetricFamily made =
      family("delivery_seconds",
             "Time from the moment a room accepts a publication until it is handed to the sockets, by block",
             MetricType::Histogram);
  ClientMetric::Histogram& histogram = made.metric.emplace_back().histogram;
  for (std::size_t bucket = 0; bucket != times.counts.size(); ++bucket) {
    histogram.sample_count += times.counts.at(bucket);
    const bool last = bucket == DeliveryTimes::bounds.size();
    const double bound =
        last ? std::numeric_limits<double>::infinity() : seconds(DeliveryTimes::bounds.at(bucket));
    histogram.bucket.push_back({histogram.sample_count, bound});
  }
  histogram.sample_sum = seconds(times.sum);
  return made;
}

MetricFamily build() {
  MetricFamily made = family("build_info", "1, with the version", MetricType::Gauge);
  ClientMetric& metric = made.metric.emplace_back();
  metric.label.push_back({"version", COROOM_VERSION});
  metric.gauge.value = 1;
  return made;
}

}  // namespace

std::string metrics_text(const Statistics& statistics, const Counters& counters,
                         const logging::Unwritten& lines) {
  const auto count = [&counters](Counter of) { return counters.get(of); };
  return prometheus::TextSerializer().Serialize({
      build(),
      gauge("connections", "Open connections, HTTP included", statistics.connections),
      gauge("sessions", "Open WebSockets and streams", statistics.sessions),
      gauge("rooms", "Rooms with at least one member", statistics.rooms),
      gauge("queued_bytes", "Queued bytes, in all queues", statistics.queued_bytes),
      counter("connections_accepted", "Accepted connections", count(Counter::connections)),
      counter("sessions_opened", "Opened WebSockets and streams", count(Counter::sessions)),
      counter("http_requests", "Answered HTTP requests", count(Counter::http_requests)),
      counter("messages_received", "Messages from clients", count(Counter::messages)),
      counter("messages_sent", "Messages to clients; a message of a room counts once for each member",
              statistics.messages_sent),
      by_cause("refusals", "Rejections, by cause",
               {{Counter::connections_refused, "connection_limit"},
                {Counter::origins_refused, "origin"},
                {Counter::http_errors, "http"},
                {Counter::http_timeouts, "http_timeout"},
                {Counter::tls_errors, "tls"},
                {Counter::tokens_refused, "token"},
                {Counter::websocket_errors, "websocket"},
                {Counter::protocol_errors, "protocol"},
                {Counter::connections_banned, "ban"},
                {Counter::publications_refused, "moderation"},
                {Counter::address_refused, "address_limit"},
                {Counter::users_refused, "user_limit"},
                {Counter::messages_refused, "rate_limit"},
                {Counter::rooms_refused, "room_limit"},
                {Counter::subscriptions_refused, "subscription_limit"}},
               counters),
      refused_tokens(counters),
      counter("publications_failed", "Publications that the history of their room could not store",
              count(Counter::publications_failed)),
      by_cause("sessions_dropped", "Sessions that ended without a close frame or were behind, by cause",
               {{Counter::sessions_lost, "lost"}, {Counter::slow_consumers, "slow"}}, counters),
      counter("slow_turns", "Number of times a thread was busy for more than 50 ms without a break",
              statistics.slow_turns),
      unwritten_lines(lines),
      delivery_times(statistics.delivery_times),
  });
}

}  // namespace coroom::server
