#include "storage/sqlite_restrictions.hpp"

#include "support/settable_clock.hpp"
#include "support/temporary.hpp"

#include <coroom/log.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <SQLiteCpp/Database.h>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <future>
#include <stdexcept>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace coroom::detail::storage {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::SizeIs;
using Kind = Restriction::Kind;

class SqliteRestrictionsTest : public testing::Test {
 protected:
  SqliteRestrictionsTest() {
    logging::configure(logging::Level::off, logging::Format::text);
    clock_.set(Clock::TimePoint(1'800'000'000s));
  }

  [[nodiscard]] std::shared_ptr<ModerationStore> open() const {
    auto store = open_sqlite_restrictions(folder_.path(), clock_);
    if (!store) throw std::runtime_error(store.error().message);
    return std::move(*store);
  }

  [[nodiscard]] std::string fault() const {
    const auto store = open_sqlite_restrictions(folder_.path(), clock_);
    return store ? "none" : store.error().message;
  }

  static Result<> keep(ModerationStore& store, const Restriction& restriction) {
    std::promise<Result<>> result;
    store.keep(restriction, [&result](Result<> stored) { result.set_value(std::move(stored)); });
    return result.get_future().get();
  }

  static Result<> forget(ModerationStore& store, Kind kind, const std::string& subject,
                         const std::string& room) {
    std::promise<Result<>> result;
    store.forget(kind, subject, room, [&result](Result<> stored) { result.set_value(std::move(stored)); });
    return result.get_future().get();
  }

  [[nodiscard]] int rows() const {
    return SQLite::Database(file_.string()).execAndGet("SELECT count(*) FROM rulings").getInt();
  }

  [[nodiscard]] Clock::TimePoint in(std::chrono::seconds time) const { return clock_.now() + time; }

  test::SettableClock clock_;
  test::TemporaryFolder folder_;
  fs::path file_ = folder_.path() / "moderation.db";
};

TEST_F(SqliteRestrictionsTest, RestoresRestrictionsAfterReopening) {
  Restriction full = Restriction::mute(
      "b\xc3\xb6"
      "b",
      "tea", in(60s));
  full.interval = 1500ms;
  full.before = in(-5s);
  full.reason = "shouts";
  full.since = in(-1s);
  {
    const auto store = open();
    EXPECT_TRUE(keep(*store, full));
    EXPECT_TRUE(keep(*store, Restriction::ban_user("eve")));
  }
  const std::vector<Restriction> kept = open()->take();
  ASSERT_THAT(kept, SizeIs(2));
  EXPECT_EQ(kept[0].subject, "eve");
  EXPECT_EQ(kept[0].until, std::nullopt);
  EXPECT_EQ(kept[1].kind, full.kind);
  EXPECT_EQ(kept[1].subject, full.subject);
  EXPECT_EQ(kept[1].room, full.room);
  EXPECT_EQ(kept[1].until, full.until);
  EXPECT_EQ(kept[1].interval, full.interval);
  EXPECT_EQ(kept[1].before, full.before);
  EXPECT_EQ(kept[1].reason, full.reason);
  EXPECT_EQ(kept[1].since, full.since);
}

TEST_F(SqliteRestrictionsTest, ReplacesAndDeletesRestrictions) {
  const auto store = open();
  EXPECT_TRUE(keep(*store, Restriction::mute("bob", "tea")));
  EXPECT_TRUE(keep(*store, Restriction::mute("bob", "tea", in(60s))));
  EXPECT_TRUE(keep(*store, Restriction::mute("bob")));
  EXPECT_EQ(rows(), 2);
  EXPECT_TRUE(forget(*store, Kind::mute, "bob", "tea"));
  EXPECT_TRUE(forget(*store, Kind::mute, "bob", "cake")) << "there is no such restriction";
  EXPECT_EQ(rows(), 1);
}

TEST_F(SqliteRestrictionsTest, DeletesExpiredRestrictions) {
  {
    const auto store = open();
    for (int number = 0; number != 50; ++number)
      EXPECT_TRUE(keep(*store, Restriction::revoke_token(std::to_string(number), in(60s))));
    EXPECT_EQ(rows(), 50);
    clock_.advance(60s);
    EXPECT_TRUE(keep(*store, Restriction::ban_user("bob", in(60s))));
    EXPECT_EQ(rows(), 1);
  }
  clock_.advance(60s);
  EXPECT_THAT(open()->take(), SizeIs(1)) << "the clock may be wrong";
}

TEST_F(SqliteRestrictionsTest, DeletesNothingIfTheClockIsAhead) {
  const auto right = clock_.now();
  const auto store = open();
  EXPECT_TRUE(keep(*store, Restriction::ban_user("bob", in(60s))));
  clock_.set(right + std::chrono::days(3650));
  EXPECT_TRUE(keep(*store, Restriction::ban_user("eve")));
  EXPECT_EQ(rows(), 2);
}

TEST_F(SqliteRestrictionsTest, RejectsWritesIfTheFileIsGone) {
  const auto store = open();
  EXPECT_TRUE(keep(*store, Restriction::mute("bob")));
  const auto moved = file_.string() + ".moved";
  std::filesystem::rename(file_, moved);
  EXPECT_FALSE(keep(*store, Restriction::ban_user("bob")));
  std::filesystem::rename(moved, file_);
  EXPECT_TRUE(keep(*store, Restriction::ban_user("bob")));
  EXPECT_EQ(rows(), 2);
}

/// Restrictions that were reported as stored survive a kill during a write.
TEST_F(SqliteRestrictionsTest, SurvivesAKill) {
  int pipe[2];
  ASSERT_EQ(::pipe(pipe), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const auto store = open();
    for (int number = 0;; ++number) {
      if (!keep(*store, Restriction::ban_user(std::to_string(number)))) ::_exit(1);
      if (::write(pipe[1], &number, sizeof number) != sizeof number) ::_exit(1);
    }
  }
  int stored = 0;
  constexpr int enough = 20;
  while (stored < enough && ::read(pipe[0], &stored, sizeof stored) == sizeof stored) {
  }
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  ::close(pipe[1]);
  for (int more = 0; ::read(pipe[0], &more, sizeof more) == sizeof more;) stored = more;
  ::close(pipe[0]);
  EXPECT_GE(stored, enough);
  EXPECT_GE(open()->take().size(), static_cast<std::size_t>(stored) + 1);
}

TEST_F(SqliteRestrictionsTest, RejectsNewerOrDamagedFiles) {
  open().reset();
  SQLite::Database(file_.string(), SQLite::OPEN_READWRITE).exec("PRAGMA user_version=99");
  EXPECT_THAT(fault(), HasSubstr("moderation.db has version 99, made by a newer coroom"));
  folder_.write("moderation.db", std::string(10'000, 'x'));
  EXPECT_THAT(fault(), HasSubstr("moderation.db"));
}

TEST_F(SqliteRestrictionsTest, ReportsAFailedWriteAndContinues) {
  const auto store = open();
  {
    SQLite::Database other(file_.string(), SQLite::OPEN_READWRITE);
    other.exec("ALTER TABLE rulings RENAME TO hidden");
    const auto failed = keep(*store, Restriction::ban_user("bob"));
    ASSERT_FALSE(failed);
    EXPECT_THAT(failed.error().message, HasSubstr("moderation.db"));
    other.exec("ALTER TABLE hidden RENAME TO rulings");
  }
  EXPECT_TRUE(keep(*store, Restriction::ban_user("eve")));
  EXPECT_EQ(rows(), 1);
}

TEST_F(SqliteRestrictionsTest, CreatesAPrivateFile) {
  open().reset();
  EXPECT_EQ(fs::status(file_).permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

}  // namespace
}  // namespace coroom::detail::storage
