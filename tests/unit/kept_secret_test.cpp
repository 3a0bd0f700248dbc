#include "storage/kept_secret.hpp"

#include "core/folder.hpp"
#include "support/temporary.hpp"

#include <gtest/gtest.h>

#include <filesystem>

namespace coroom::detail::storage {
namespace {

namespace fs = std::filesystem;

TEST(KeptSecret, KeepsTheFirstSecret) {
  const test::TemporaryFolder folder;
  const fs::path file = folder.path() / "key";
  EXPECT_EQ(keep_secret(file, "first"), "first");
  EXPECT_EQ(keep_secret(file, "second"), "first");
  EXPECT_EQ(fs::status(file).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), {}), 1) << "no temporary file remains";
}

TEST(KeptSecret, ReplacesAnIncompleteFile) {
  const test::TemporaryFolder folder;
  folder.write("key.new", "fi");
  EXPECT_EQ(keep_secret(folder.path() / "key", "second"), "second");
  EXPECT_EQ(detail::read_file(folder.path() / "key"), "second\n");
}

TEST(KeptSecret, DoesNotFollowALink) {
  const test::TemporaryFolder folder;
  folder.write("other", "other");
  fs::create_symlink(folder.path() / "other", folder.path() / "key.new");
  EXPECT_EQ(keep_secret(folder.path() / "key", "secret"), "secret");
  EXPECT_EQ(detail::read_file(folder.path() / "other"), "other");
}

TEST(KeptSecret, DoesNotReplaceAnUnreadableSecret) {
  const test::TemporaryFolder folder;
  folder.write("key", "");
  const auto kept = keep_secret(folder.path() / "key", "secret");
  ASSERT_FALSE(kept);
  EXPECT_NE(kept.error().message.find((folder.path() / "key").string()), std::string::npos);
  EXPECT_EQ(detail::read_file(folder.path() / "key"), "");
}

TEST(KeptSecret, FailsWithoutItsFolder) {
  const test::TemporaryFolder folder;
  EXPECT_FALSE(keep_secret(folder.path() / "nowhere" / "key", "secret"));
}

}  // namespace
}  // namespace coroom::detail::storage
