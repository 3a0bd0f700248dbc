#include "server/metrics.hpp"

#include "net/traffic.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace coroom::server {
namespace {

using testing::HasSubstr;

TEST(Metrics, ReportsStatisticsAndCounters) {
  Statistics statistics;
  statistics.connections = 3;
  statistics.sessions = 2;
  statistics.rooms = 1;
  statistics.messages_sent = 12;
  statistics.queued_bytes = 4096;
  statistics.slow_turns = 2;
  Counters counters;
  counters.add(Counter::messages);
  counters.add(Counter::origins_refused);
  counters.add(TokenCause::not_yet_valid);
  const std::string text = metrics_text(statistics, counters, {.lost = 7, .suppressed = 8});
  EXPECT_THAT(text, HasSubstr("\ncoroom_connections 3\n"));
  EXPECT_THAT(text, HasSubstr("\ncoroom_sessions 2\n"));
  EXPECT_THAT(text, HasSubstr("\ncoroom_rooms 1\n"));
  EXPECT_THAT(text, HasSubstr("\ncoroom_queued_bytes 4096\n"));
  EXPECT_THAT(text, HasSubstr("\ncoroom_slow_turns_total 2\n"));
  EXPECT_THAT(text, HasSubstr("\ncoroom_messages_received_total 1\n"));
  EXPECT_THAT(text, HasSubstr("\ncoroom_messages_sent_total 12\n"));
  EXPECT_THAT(text, HasSubstr("\ncoroom_refusals_total{cause=\"origin\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("\ncoroom_refusals_total{cause=\"protocol\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("\ncoroom_refusals_total{cause=\"token\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("\ncoroom_tokens_refused_total{cause=\"not_yet_valid\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("\ncoroom_tokens_refused_total{cause=\"signature\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("\ncoroom_log_lines_dropped_total{cause=\"rate\"} 8\n"));
  EXPECT_THAT(text, HasSubstr("\ncoroom_log_lines_dropped_total{cause=\"stalled\"} 7\n"));
  EXPECT_THAT(text, HasSubstr("coroom_build_info{version="));
}

TEST(Metrics, CountsDeliveriesByLatency) {
  detail::net::Traffic traffic;
  const auto now = std::chrono::steady_clock::now();
  traffic.deliver(10, now);
  traffic.deliver(5, now - std::chrono::milliseconds(30));
  traffic.deliver(1, now - std::chrono::hours(1));
  traffic.sent();
  traffic.sent();  // nothing was delivered in between
  Statistics statistics;
  traffic.add_to(statistics);
  EXPECT_EQ(statistics.messages_sent, 16);
  const std::string text = metrics_text(statistics, Counters(), {});
  EXPECT_THAT(text, HasSubstr("\ncoroom_delivery_seconds_bucket{le=\"0.025\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("\ncoroom_delivery_seconds_bucket{le=\"2.5\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("\ncoroom_delivery_seconds_bucket{le=\"+Inf\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("\ncoroom_delivery_seconds_count 3\n"));
  EXPECT_THAT(text, HasSubstr("\ncoroom_delivery_seconds_sum 3600.0"));
}

}  // namespace
}  // namespace coroom::server
