#include "storage/sqlite_broker.hpp"

#include "core/deletion_clock.hpp"
#include "storage/sqlite_schema.hpp"
#include "support/broker_caller.hpp"
#include "support/settable_clock.hpp"
#include "support/temporary.hpp"

#include <coroom/log.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/detached.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <thread>

namespace coroom::detail::storage {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using test::said;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

std::string bytes_of(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

void write_at(const fs::path& file, std::size_t position, std::string_view bytes) {
  std::fstream stream(file, std::ios::binary | std::ios::in | std::ios::out);
  stream.seekp(static_cast<std::streamoff>(position)) << bytes;
}

fs::perms permissions_of(const fs::path& file) {
  return fs::status(file).permissions();
}

class SqliteBrokerTest : public testing::Test {
 protected:
  SqliteBrokerTest() { clock_.set(Clock::TimePoint(1'800'000'000s)); }

  [[nodiscard]] std::shared_ptr<Broker> open(const fs::path& folder) const {
    auto broker = open_sqlite_broker(folder, clock_);
    if (!broker) throw std::runtime_error(broker.error().message);
    return std::move(*broker);
  }

  [[nodiscard]] std::string error_of(const fs::path& folder) const {
    const auto broker = open_sqlite_broker(folder, clock_);
    return broker ? "no error" : broker.error().message;
  }

  Position publish(Broker& broker, const std::string& room, std::string data) {
    return caller_.publish(broker, room, said(std::move(data), clock_.now()), options_);
  }

  Position publish_tagged(Broker& broker, const std::string& room, Tags tags) {
    Publication publication = said("a", clock_.now());
    publication.tags = std::make_shared<const Tags>(std::move(tags));
    return caller_.publish(broker, room, std::move(publication), options_);
  }

  std::vector<Publication> read(Broker& broker, const std::string& room) {
    return caller_.history(broker, room, HistoryFilter(), options_).publications;
  }

  /// Blocks until the writer has done all earlier work and the deletions behind it.
  void settle(Broker& broker) { ASSERT_TRUE(caller_.wait(broker.remove_history("unused"))); }

  /// Returns the number that a query selects.
  [[nodiscard]] int count(const char* query) const {
    return SQLite::Database(file_.string()).execAndGet(query).getInt();
  }

  /// Creates a folder with a closed database of several pages.
  void fill(const fs::path& folder) {
    const auto broker = open(folder);
    for (const char* room : {"tea", "cake"}) {
      std::vector<Publication> many(50, said(std::string(1000, 'x'), clock_.now()));
      caller_.publish(*broker, room, many, options_);
    }
  }

  test::SettableClock clock_;
  RoomOptions options_{.history_size = 1000, .history_ttl = 1h};
  test::BrokerCaller caller_;
  test::TemporaryFolder temporary_;
  fs::path folder_ = temporary_.path() / "data";
  fs::path file_ = folder_ / "coroom.db";
};

TEST_F(SqliteBrokerTest, ContinuesAfterReopening) {
  Position top;
  {
    const auto broker = open(folder_);
    publish(*broker, "tea", "a");
    top = publish(*broker, "tea", "b");
    publish(*broker, "cake", "x");
  }
  const auto broker = open(folder_);
  EXPECT_EQ(caller_.history(*broker, "tea", HistoryFilter(0), options_).top, top);
  EXPECT_THAT(read(*broker, "tea"), SizeIs(2));
  EXPECT_EQ(publish(*broker, "tea", "c"), Position(3, top.epoch));
  EXPECT_EQ(publish(*broker, "cake", "y").offset, 2);
  EXPECT_EQ(read(*broker, "tea").back().data, "c");
}

TEST_F(SqliteBrokerTest, ContinuesOffsetsWithoutAHistory) {
  Position top;
  {
    const auto broker = open(folder_);
    top = publish(*broker, "tea", "a");
    ASSERT_TRUE(caller_.wait(broker->remove_history("tea")));
    publish(*broker, "cake", "x");
  }
  clock_.advance(2h);
  const auto broker = open(folder_);
  EXPECT_THAT(read(*broker, "tea"), IsEmpty());
  EXPECT_THAT(read(*broker, "cake"), IsEmpty());
  EXPECT_EQ(publish(*broker, "tea", "b"), Position(2, top.epoch));
  EXPECT_EQ(publish(*broker, "cake", "y").offset, 2);
}

TEST_F(SqliteBrokerTest, WritesNothingOfRoomsThatAreNotDurable) {
  options_.durable = false;
  std::string before;
  {
    const auto broker = open(folder_);
    before = bytes_of(file_) + bytes_of(file_.string() + "-wal");
    EXPECT_EQ(publish(*broker, "tea", "a").offset, 1);
    EXPECT_THAT(read(*broker, "tea"), SizeIs(1));
    EXPECT_TRUE(bytes_of(file_) + bytes_of(file_.string() + "-wal") == before);
  }
  const auto broker = open(folder_);
  EXPECT_THAT(read(*broker, "tea"), IsEmpty());
  options_.durable = true;
  EXPECT_THAT(read(*broker, "tea"), IsEmpty());
}

TEST_F(SqliteBrokerTest, CreatesAPrivateFolder) {
  const fs::path deep = folder_ / "of" / "many";
  const auto broker = open(deep);
  EXPECT_EQ(permissions_of(deep), fs::perms::owner_all);
}

TEST_F(SqliteBrokerTest, CreatesPrivateFilesInAPublicFolder) {
  fs::create_directory(folder_);
  fs::permissions(folder_, fs::perms::owner_all | fs::perms::others_read | fs::perms::others_exec);
  const auto broker = open(folder_);
  publish(*broker, "tea", "a");
  for (const auto& file : fs::directory_iterator(folder_)) {
    EXPECT_EQ(permissions_of(file), fs::perms::owner_read | fs::perms::owner_write) << file.path();
  }
  EXPECT_NE(permissions_of(folder_) & fs::perms::others_read, fs::perms::none)
      << "its permissions are unchanged";
}

TEST_F(SqliteBrokerTest, LocksItsFolder) {
  {
    const auto broker = open(folder_);
    EXPECT_EQ(error_of(folder_), folder_.string() + " is in use by another process");
    publish(*broker, "tea", "a");
  }
  EXPECT_THAT(read(*open(folder_), "tea"), SizeIs(1));
}

TEST_F(SqliteBrokerTest, ComparesTheClockWithTheLastOne) {
  {
    const auto broker = open(folder_);
    publish(*broker, "tea", "a");
  }
  const auto right = clock_.now();
  clock_.set(right + std::chrono::days(3650));
  {
    const auto broker = open(folder_);
    for (int time = 0; time != 20; ++time) {
      publish(*broker, "elsewhere", "x");
      clock_.advance(11s);
    }
  }
  clock_.set(right + 1min);
  EXPECT_THAT(read(*open(folder_), "tea"), SizeIs(1));
}

TEST_F(SqliteBrokerTest, RejectsWritesIfTheFileWasMoved) {
  const auto broker = open(folder_);
  publish(*broker, "tea", "a");
  const fs::path moved = temporary_.path() / "moved";
  for (const fs::path& file : {folder_, file_, fs::path(file_.string() + "-wal")}) {
    fs::rename(file, moved);
    EXPECT_ANY_THROW(publish(*broker, "tea", "lost")) << file;
    fs::rename(moved, file);
    EXPECT_NO_THROW(publish(*broker, "tea", "kept")) << file;
  }
  EXPECT_THAT(read(*broker, "tea"), SizeIs(4));
}

TEST_F(SqliteBrokerTest, RejectsWritesIfTheFileWasReplaced) {
  const auto broker = open(folder_);
  publish(*broker, "tea", "a");
  fs::copy_file(file_, folder_ / "copy");
  fs::rename(folder_ / "copy", file_);
  EXPECT_ANY_THROW(publish(*broker, "tea", "lost"));
}

TEST_F(SqliteBrokerTest, HoldsItsLockIfTheLockFileIsDeleted) {
  const auto broker = open(folder_);
  fs::remove(folder_ / "coroom.lock");
  publish(*broker, "tea", "a");
  EXPECT_EQ(error_of(folder_), folder_.string() + " is in use by another process");
}

TEST_F(SqliteBrokerTest, NamesAPathThatIsNotAFolder) {
  temporary_.write("data", "a file");
  EXPECT_THAT(error_of(folder_), HasSubstr(folder_.string()));
  EXPECT_THAT(error_of(folder_ / "below"), HasSubstr(folder_.string()));
  fs::remove(folder_);
  fs::create_directories(file_);
  EXPECT_THAT(error_of(folder_), HasSubstr(file_.string()));
}

TEST_F(SqliteBrokerTest, UpgradesAnEmptyFile) {
  fs::create_directory(folder_);
  std::ofstream(file_).flush();
  {
    const auto broker = open(folder_);
    publish(*broker, "tea", "a");
  }
  EXPECT_GT(SQLite::Database(file_.string()).execAndGet("PRAGMA user_version").getInt(), 0);
  EXPECT_THAT(read(*open(folder_), "tea"), SizeIs(1));
}

TEST_F(SqliteBrokerTest, ErasesSupersededDataFromItsFiles) {
  const auto broker = open(folder_);
  const std::string secret = "the phone number is 555 0100";
  const std::string all_secret = secret + std::string(9000, 'x') + secret;  // on pages of its own
  const auto has_secret = [&] {
    return (bytes_of(file_) + bytes_of(folder_ / "coroom.db-wal")).find(secret) != std::string::npos;
  };
  publish(*broker, "tea", secret);
  publish(*broker, "tea", all_secret);
  EXPECT_TRUE(has_secret());
  for (const std::uint64_t offset : {1U, 2U}) {
    Publication removal = said("removal", clock_.now());
    removal.revision = std::make_shared<const Revision>(offset, "gone", "gone", true);
    caller_.publish(*broker, "tea", removal, options_);
  }
  const auto deadline = std::chrono::steady_clock::now() + 10s;
  while (has_secret() && std::chrono::steady_clock::now() < deadline) std::this_thread::sleep_for(10ms);
  EXPECT_FALSE(has_secret());
  EXPECT_THAT(read(*broker, "tea"), SizeIs(4));
}

TEST_F(SqliteBrokerTest, UpgradesADatabaseOfVersion1) {
  {
    fs::create_directory(folder_);
    SQLite::Database old(file_.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    old.exec(history_tables().front());
    old.exec("PRAGMA user_version=1");
    old.exec("INSERT INTO rooms VALUES(1, 'tea', 'e', 1, 1800003600000000)");
    old.exec(
        "INSERT INTO publications VALUES(1, 1, 1800000000000000, 4, 'a', '192.0.2.1', NULL, '7', '', '')");
  }
  const auto broker = open(folder_);
  Publication edit = said("edit", clock_.now());
  edit.revision = std::make_shared<const Revision>(1, "b", "gone");
  caller_.publish(*broker, "tea", edit, options_);
  const auto kept = read(*broker, "tea");
  ASSERT_THAT(kept, SizeIs(2));
  EXPECT_EQ(kept.front().data, "b");
  EXPECT_EQ(kept.front().client_info->user, "7");
}

TEST_F(SqliteBrokerTest, UpgradesADatabaseOfVersion2) {
  {
    fs::create_directory(folder_);
    SQLite::Database old(file_.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    for (const char* step : history_tables().first(2)) old.exec(step);
    old.exec("PRAGMA user_version=2");
    old.exec("INSERT INTO rooms VALUES(1, 'tea', 'e', 1, 1800003600000000)");
    old.exec(
        "INSERT INTO publications VALUES(1, 1, 1800000000000000, 4, 'a', '192.0.2.1', NULL, '7', '', '', "
        "NULL)");
  }
  {
    const auto broker = open(folder_);
    EXPECT_EQ(publish_tagged(*broker, "tea", {{"lang", "de"}}), Position(2, "e"));
  }
  const auto kept = read(*open(folder_), "tea");
  ASSERT_THAT(kept, SizeIs(2));
  EXPECT_EQ(kept[0].data, "a");
  EXPECT_EQ(kept[0].tags, nullptr);
  ASSERT_NE(kept[1].tags, nullptr);
  EXPECT_EQ(*kept[1].tags, (Tags{{"lang", "de"}}));
}

TEST_F(SqliteBrokerTest, StoresNullWithoutTags) {
  const auto broker = open(folder_);
  publish(*broker, "tea", "a");
  publish_tagged(*broker, "tea", {{"lang", "de"}});
  EXPECT_EQ(count("SELECT count(*) FROM publications WHERE tags IS NULL"), 1);
  EXPECT_EQ(count(R"(SELECT count(*) FROM publications WHERE tags='{"lang":"de"}')"), 1);
}

TEST_F(SqliteBrokerTest, ReadsAHistoryWithDamagedTags) {
  const auto broker = open(folder_);
  for (int time = 0; time != 3; ++time) publish_tagged(*broker, "tea", {{"lang", "de"}});
  SQLite::Database other(file_.string(), SQLite::OPEN_READWRITE);
  other.exec(R"(UPDATE publications SET tags='{"lang":1}' WHERE offset=1)");
  other.exec("UPDATE publications SET tags='{' WHERE offset=2");
  const auto kept = read(*broker, "tea");
  ASSERT_THAT(kept, SizeIs(3));
  EXPECT_EQ(kept[0].tags, nullptr);
  EXPECT_EQ(kept[1].tags, nullptr);
  EXPECT_NE(kept[2].tags, nullptr);
}

TEST_F(SqliteBrokerTest, CountsTheBytesOfStoredTags) {
  options_.history_bytes = 1000;
  publish_tagged(*open(folder_), "tea", {{"key", std::string(900, 'a')}});
  const auto broker = open(folder_);
  publish(*broker, "tea", std::string(200, 'b'));
  EXPECT_THAT(read(*broker, "tea"), SizeIs(1));
}

TEST_F(SqliteBrokerTest, CountsTheBytesOfAnOpenedDatabase) {
  options_.history_bytes = 1000;
  publish(*open(folder_), "tea", std::string(900, 'a'));
  const auto broker = open(folder_);
  publish(*broker, "tea", std::string(200, 'b'));
  EXPECT_THAT(read(*broker, "tea"), SizeIs(1));
}

TEST_F(SqliteBrokerTest, RejectsAFileOfANewerVersionUnchanged) {
  fill(folder_);
  SQLite::Database(file_.string(), SQLite::OPEN_READWRITE).exec("PRAGMA user_version=1000");
  const std::string before = bytes_of(file_);
  EXPECT_THAT(error_of(folder_),
              AllOf(HasSubstr(file_.string()), HasSubstr("version 1000"), HasSubstr("a newer coroom")));
  EXPECT_TRUE(bytes_of(file_) == before);
}

TEST_F(SqliteBrokerTest, DeletesExpiredPublications) {
  const auto broker = open(folder_);
  for (const char* data : {"a", "b", "c"}) publish(*broker, "tea", data);
  clock_.advance(59min);
  publish(*broker, "tea", "d");
  clock_.advance(2min);
  publish(*broker, "tea", "e");
  EXPECT_EQ(count("SELECT count(*) FROM publications"), 2);
}

TEST_F(SqliteBrokerTest, ForgetsIdleRooms) {
  const auto broker = open(folder_);
  std::string epoch;
  for (int room = 0; room != 40; ++room) epoch = publish(*broker, "room " + std::to_string(room), "a").epoch;
  // The broker deletes a little at a publication, if seconds have passed since the last deletion.
  const auto publish_until = [&](const std::function<bool()>& done) {
    for (int time = 0; time != 10 && !done(); ++time) {
      clock_.advance(11s);
      publish(*broker, "tea", "x");
      settle(*broker);
    }
    return done();
  };
  options_.history_size = 1;
  clock_.advance(2h);
  EXPECT_TRUE(publish_until([&] { return count("SELECT count(*) FROM publications") == 1; }));
  EXPECT_EQ(count("SELECT count(*) FROM rooms"), 41) << "offsets are kept";
  EXPECT_EQ(publish(*broker, "room 7", "b"), Position(2, epoch));
  clock_.advance(std::chrono::days(31));
  EXPECT_TRUE(publish_until([&] { return count("SELECT count(*) FROM rooms") == 1; }));
  const Position recreated = publish(*broker, "room 7", "c");
  EXPECT_EQ(recreated.offset, 1);
  EXPECT_NE(recreated.epoch, epoch);
}

TEST_F(SqliteBrokerTest, DeletesPublicationsOfForgottenRooms) {
  fill(folder_);
  clock_.advance(std::chrono::days(50));
  const auto broker = open(folder_);
  publish(*broker, "new", "a");
  settle(*broker);
  EXPECT_EQ(count("SELECT count(*) FROM publications"), 101) << "the clock may be wrong";
  clock_.advance(detail::DeletionClock::confirmed_after);
  publish(*broker, "new", "b");
  settle(*broker);
  EXPECT_EQ(count("SELECT count(*) FROM publications"), 1);
  EXPECT_EQ(count("SELECT count(*) FROM rooms"), 1);
  EXPECT_THAT(read(*broker, "new"), SizeIs(1));
}

constexpr int many_rooms = 10'000;

/// Adds rooms to a filled database, with one publication each.
void add_many_rooms(const fs::path& file) {
  SQLite::Database database(file.string(), SQLite::OPEN_READWRITE);
  const auto number_up_to = [](int count) {
    return "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<" + std::to_string(count) +
           ") ";
  };
  database.exec("BEGIN");
  database.exec(
      number_up_to(many_rooms) +
      "INSERT INTO rooms SELECT 1000+i, 'r'||i, epoch, top, expires FROM n, rooms WHERE name='tea'");
  database.exec(number_up_to(many_rooms) +
                "INSERT INTO publications SELECT 1000+i, offset, time, kind, 'x', address, client, user, "
                "conn_info, chan_info, NULL, NULL FROM n, publications WHERE offset=50 AND room="
                "(SELECT id FROM rooms WHERE name='tea')");
  database.exec("COMMIT");
}

/// The second round begins behind many rooms without publications.
TEST_F(SqliteBrokerTest, DeletesPublicationsOfManyRoomsInSeconds) {
  fill(folder_);
  add_many_rooms(file_);
  clock_.advance(2h);
  options_.history_size = 1;
  for (const char* data : {"with publications", "without"}) {
    const auto broker = open(folder_);
    clock_.advance(detail::DeletionClock::confirmed_after);
    publish(*broker, "tea", data);
    const auto left = [&] { return count("SELECT count(*) FROM publications"); };
    // In total less than the ten seconds between two searches for expired data.
    for (int round = 0; round != 90 && left() != 1; ++round) {
      clock_.advance(100ms);
      settle(*broker);
    }
    EXPECT_EQ(left(), 1) << data;
    EXPECT_EQ(count("SELECT count(*) FROM rooms"), many_rooms + 2) << "offsets are kept";
    publish(*broker, "cake", data);  // for one more room with expired publications
    publish(*broker, "tea", data);
    clock_.advance(2h);
    publish(*broker, "tea", data);
  }
}

TEST_F(SqliteBrokerTest, StoresPublicationsIfDeletionFails) {
  const auto broker = open(folder_);
  publish(*broker, "tea", "a");
  settle(*broker);  // the broker stores the time periodically
  SQLite::Database other(file_.string(), SQLite::OPEN_READWRITE);
  other.exec("CREATE TRIGGER stuck BEFORE DELETE ON publications BEGIN SELECT RAISE(ABORT, 'stuck'); END");
  logging::configure(logging::Level::info, logging::Format::text);
  testing::internal::CaptureStderr();
  clock_.advance(2h);
  for (std::uint64_t offset = 1; offset != 4; ++offset) {
    clock_.advance(11s);
    EXPECT_EQ(publish(*broker, "cake", "x").offset, offset);
  }
  settle(*broker);
  other.exec("DROP TRIGGER stuck");
  logging::flush(std::chrono::seconds(10));
  const std::string logged = testing::internal::GetCapturedStderr();
  logging::configure(logging::Level::off, logging::Format::text);
  const std::string_view line = "cannot delete expired data";
  const auto first = logged.find(line);
  EXPECT_NE(first, std::string::npos) << logged;
  EXPECT_EQ(logged.find(line, first + 1), std::string::npos) << logged;
  EXPECT_EQ(logged.find("cannot write the history"), std::string::npos) << logged;

  clock_.advance(11s);
  settle(*broker);
  settle(*broker);
  EXPECT_THAT(read(*broker, "cake"), SizeIs(3));
  EXPECT_EQ(count("SELECT count(*) FROM publications"), 3) << "the failed deletion is repeated";
}

TEST_F(SqliteBrokerTest, LogsTheCheckOfALargeDatabase) {
  fill(folder_);
  logging::configure(logging::Level::info, logging::Format::text);
  testing::internal::CaptureStderr();
  open(folder_).reset();
  logging::flush(std::chrono::seconds(10));
  const std::string small_log = testing::internal::GetCapturedStderr();
  fs::resize_file(file_, 101 << 20);
  testing::internal::CaptureStderr();
  open(folder_).reset();
  logging::flush(std::chrono::seconds(10));
  const std::string large_log = testing::internal::GetCapturedStderr();
  logging::configure(logging::Level::off, logging::Format::text);
  EXPECT_THAT(small_log, IsEmpty());
  EXPECT_THAT(large_log, AllOf(HasSubstr("checking a large database"), HasSubstr(file_.string()),
                               HasSubstr(std::to_string(101 << 20))));
}

TEST_F(SqliteBrokerTest, ReleasesDiskSpaceOfExpiredData) {
  const std::string secret = "an expired secret";
  const auto broker = open(folder_);
  for (int megabyte = 0; megabyte != 12; ++megabyte)
    publish(*broker, "tea", secret + std::string(1 << 20, 'x'));
  settle(*broker);
  clock_.advance(2h);
  const auto size = [this] { return fs::file_size(file_) + fs::file_size(file_.string() + "-wal"); };
  for (int time = 0; time != 40 && size() > 3U << 20; ++time) {
    clock_.advance(11s);
    settle(*broker);
  }
  EXPECT_LT(size(), 3U << 20);
  EXPECT_EQ(bytes_of(file_).find(secret), std::string::npos);
  EXPECT_EQ(bytes_of(file_.string() + "-wal").find(secret), std::string::npos);
  EXPECT_EQ(publish(*broker, "tea", "b").offset, 13);
}

TEST_F(SqliteBrokerTest, EnablesVacuumOfAnOldDatabase) {
  fill(folder_);
  {
    SQLite::Database old(file_.string(), SQLite::OPEN_READWRITE);
    old.exec("PRAGMA auto_vacuum=NONE");
    old.exec("VACUUM");
  }
  ASSERT_EQ(count("PRAGMA auto_vacuum"), 0);
  const int publications = count("SELECT count(*) FROM publications");
  open(folder_).reset();
  EXPECT_EQ(count("PRAGMA auto_vacuum"), 2);
  EXPECT_EQ(count("SELECT count(*) FROM publications"), publications);
}

TEST_F(SqliteBrokerTest, LimitsTheTimeOfTheIntegrityCheck) {
  {
    const auto broker = open(folder_);
    for (int megabyte = 0; megabyte != 24; ++megabyte) publish(*broker, "tea", std::string(1 << 20, 'x'));
  }
  logging::configure(logging::Level::warning, logging::Format::text);
  testing::internal::CaptureStderr();
  const bool opened = open_for_writing(file_, history_tables(), 0ms).has_value();
  EXPECT_TRUE(logging::flush(std::chrono::seconds(10)));
  const std::string logged = testing::internal::GetCapturedStderr();
  logging::configure(logging::Level::off, logging::Format::text);
  EXPECT_TRUE(opened);
  EXPECT_THAT(logged, AllOf(HasSubstr("checked in part"), HasSubstr(file_.string())));
}

TEST_F(SqliteBrokerTest, TruncatesALargeLog) {
  const fs::path log = file_.string() + "-wal";
  const auto broker = open(folder_);
  publish(*broker, "tea", "a");
  {
    SQLite::Database reader(file_.string());
    SQLite::Statement query(reader, "SELECT * FROM publications");
    ASSERT_TRUE(query.executeStep());
    for (int megabyte = 0; megabyte != 12; ++megabyte) publish(*broker, "tea", std::string(1 << 20, 'x'));
  }
  EXPECT_GT(fs::file_size(log), 12U << 20);
  publish(*broker, "tea", "b");
  publish(*broker, "tea", "c");
  EXPECT_LT(fs::file_size(log), 9U << 20);
}

/// Locks the database, so that the writer waits after its current transaction.
class DatabaseLock {
 public:
  explicit DatabaseLock(const fs::path& file) : database_(file.string(), SQLite::OPEN_READWRITE, 10'000) {
    database_.exec("BEGIN IMMEDIATE");
  }
  DatabaseLock(const DatabaseLock&) = delete;
  DatabaseLock& operator=(const DatabaseLock&) = delete;
  ~DatabaseLock() { database_.exec("ROLLBACK"); }

 private:
  SQLite::Database database_;
};

task<> publish_one(Broker& broker, Publication publication, RoomOptions options) {
  auto one = std::make_shared<const std::vector<Publication>>(1, std::move(publication));
  co_await broker.publish("tea", std::move(one), options);
}

TEST_F(SqliteBrokerTest, CompletesACancelledPublication) {
  boost::asio::io_context context;
  const auto broker = open(folder_);
  {
    const DatabaseLock busy(file_);
    boost::asio::cancellation_signal signal;
    bool ended = false;
    boost::asio::co_spawn(
        context, publish_one(*broker, said(std::string(1000, 'x'), clock_.now()), options_),
        boost::asio::bind_cancellation_slot(signal.slot(), [&](const std::exception_ptr&) { ended = true; }));
    context.poll();
    EXPECT_FALSE(ended);
    signal.emit(boost::asio::cancellation_type::terminal);
    context.run();
    EXPECT_TRUE(ended);
  }
  EXPECT_EQ(publish(*broker, "tea", "after it").offset, 2);
  EXPECT_EQ(read(*broker, "tea").front().data, std::string(1000, 'x'));
}

TEST_F(SqliteBrokerTest, RejectsAWriteThatALockBlocksTooLong) {
  const auto broker = open(folder_);
  publish(*broker, "tea", "a");
  RoomOptions impatient = options_;  // only for the write; reads keep their timeout
  impatient.broker_timeout = 1ms;
  {
    const DatabaseLock busy(file_);
    clock_.advance(11s);  // a deletion is due too
    auto one = std::make_shared<const std::vector<Publication>>(1, said("lost", clock_.now()));
    EXPECT_FALSE(caller_.wait(broker->publish("tea", std::move(one), impatient)));
    EXPECT_THAT(read(*broker, "tea"), SizeIs(1)) << "reads do not wait";
  }
  EXPECT_EQ(publish(*broker, "tea", "b").offset, 2);
  EXPECT_THAT(read(*broker, "tea"), SizeIs(2));
}

TEST_F(SqliteBrokerTest, CompletesAWriteOnceALockIsReleased) {
  const auto broker = open(folder_);
  publish(*broker, "tea", "a");
  options_.broker_timeout = 1min;
  auto busy = std::make_unique<DatabaseLock>(file_);
  boost::asio::io_context context;
  auto written = boost::asio::co_spawn(context, publish_one(*broker, said("b", clock_.now()), options_),
                                       boost::asio::use_future);
  context.poll();
  busy.reset();
  context.run();
  written.get();
  EXPECT_THAT(read(*broker, "tea"), SizeIs(2));
}

/// Slow reads of one room. Records the order of their ends.
class Readers {
 public:
  /// Destroys the broker before the context, because its thread may still complete the last reads.
  Readers(std::shared_ptr<Broker> broker, const RoomOptions& options)
      : options_(options), broker_(std::move(broker)) {}

  void add(const std::string& name, std::size_t limit, std::uintptr_t share) {
    HistoryFilter filter(limit);
    filter.share = share;
    boost::asio::co_spawn(context_, read(name, filter), boost::asio::detached);
  }

  /// Returns the names of all reads in the order of their ends, with a mark before those that failed.
  std::vector<std::string> run() {
    context_.run();
    return ended_;
  }

 private:
  task<> read(std::string name, HistoryFilter filter) {
    const auto history = co_await broker_->history("tea", filter, options_);
    ended_.push_back(history ? name : "!" + name);
  }

  RoomOptions options_;
  boost::asio::io_context context_{1};
  std::vector<std::string> ended_;
  std::shared_ptr<Broker> broker_;
};

TEST_F(SqliteBrokerTest, AlternatesReadsOfDifferentClients) {
  auto broker = open(folder_);
  for (int number = 0; number != 20; ++number) publish(*broker, "tea", std::string(50'000, 'x'));
  options_.broker_timeout = 1min;
  constexpr int histories = 100;
  Readers readers(std::move(broker), options_);
  for (int number = 0; number != histories; ++number) readers.add("a", 100, 1);
  readers.add("other", 100, 2);
  readers.add("position", 0, 1);
  readers.add("edit", 1, 1);
  const std::vector<std::string> ended = readers.run();
  EXPECT_THAT(ended, SizeIs(histories + 3));
  const auto position = [&](const char* name) { return std::ranges::find(ended, name) - ended.begin(); };
  for (const char* name : {"other", "position", "edit"}) EXPECT_LT(position(name), histories / 2) << name;
}

TEST_F(SqliteBrokerTest, RejectsOnlyReadsOfTheClientAtItsLimit) {
  auto broker = open(folder_);
  for (int number = 0; number != 20; ++number) publish(*broker, "tea", std::string(1000, 'x'));
  options_.broker_timeout = 1min;
  constexpr int many = 1000;
  Readers readers(std::move(broker), options_);
  for (int number = 0; number != many; ++number) readers.add("a", 100, 1);
  for (int number = 0; number != 10; ++number) readers.add("other", 100, 2);
  const std::vector<std::string> ended = readers.run();
  EXPECT_GT(std::ranges::count(ended, "!a"), 0);
  EXPECT_GT(std::ranges::count(ended, "a"), 0);
  EXPECT_EQ(std::ranges::count(ended, "other"), 10);
}

struct Damage {
  const char* name;
  void (*make)(const fs::path& file);
};

void PrintTo(const Damage& damage, std::ostream* out) {
  *out << damage.name;
}

class DamagedSqliteBrokerTest : public SqliteBrokerTest, public testing::WithParamInterface<Damage> {};

TEST_P(DamagedSqliteBrokerTest, IsReportedAndLeftUnchanged) {
  fill(folder_);
  GetParam().make(file_);
  const std::string before = bytes_of(file_);
  for (int attempt = 0; attempt != 2; ++attempt) {
    EXPECT_THAT(error_of(folder_), HasSubstr(file_.string()));
    EXPECT_TRUE(bytes_of(file_) == before);
  }
}

/// The log of a killed server contains the latest publications, so it must be kept too.
TEST_P(DamagedSqliteBrokerTest, IsLeftUnchangedWithItsLog) {
  fill(folder_);
  const fs::path killed = temporary_.path() / "killed";
  {
    const auto broker = open(folder_);
    for (int number = 0; number != 20; ++number) publish(*broker, "tea", "late");
    fs::create_directory(killed);
    for (const char* name : {"coroom.db", "coroom.db-wal"}) fs::copy_file(folder_ / name, killed / name);
  }
  GetParam().make(killed / "coroom.db");
  const std::string before = bytes_of(killed / "coroom.db");
  const std::string log_before = bytes_of(killed / "coroom.db-wal");
  ASSERT_THAT(log_before, testing::Not(IsEmpty()));
  for (int attempt = 0; attempt != 2; ++attempt) {
    EXPECT_THAT(error_of(killed), HasSubstr((killed / "coroom.db").string()));
    EXPECT_TRUE(bytes_of(killed / "coroom.db") == before);
    EXPECT_TRUE(bytes_of(killed / "coroom.db-wal") == log_before);
  }
}

constexpr std::size_t page = 4096;

INSTANTIATE_TEST_SUITE_P(
    , DamagedSqliteBrokerTest,
    testing::Values(
        Damage{"InTheMiddle",
               [](const fs::path& file) {
                 write_at(file, fs::file_size(file) / 2 / page * page, std::string(page, '\xff'));
               }},
        Damage{"InItsHeader", [](const fs::path& file) { write_at(file, 0, std::string(100, 'x')); }},
        Damage{"InItsSchema",
               [](const fs::path& file) { write_at(file, 100, std::string(page - 100, '\0')); }},
        Damage{"NotOfSqlite",
               [](const fs::path& file) {
                 std::ofstream(file, std::ios::binary | std::ios::trunc) << std::string(3000, 'x');
               }},
        Damage{"CutToAHalf",
               [](const fs::path& file) { fs::resize_file(file, fs::file_size(file) / 2 / page * page); }},
        Damage{"CutAtItsFirstPage", [](const fs::path& file) { fs::resize_file(file, page); }},
        Damage{"CutInItsFirstPage", [](const fs::path& file) { fs::resize_file(file, 1000); }},
        Damage{"CutInItsHeader", [](const fs::path& file) { fs::resize_file(file, 50); }}),
    [](const auto& one) { return one.param.name; });

}  // namespace
}  // namespace coroom::detail::storage
