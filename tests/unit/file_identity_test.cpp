#include "storage/file_identity.hpp"

#include "support/temporary.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace coroom::detail::storage {
namespace {

namespace fs = std::filesystem;

class FileIdentityTest : public testing::Test {
 protected:
  void make() const { std::ofstream(file_) << "x"; }

  [[nodiscard]] static std::string error_of(FileIdentity& identity) {
    const auto found = identity.check();
    return found ? "none" : found.error().message;
  }

  test::TemporaryFolder folder_;
  fs::path file_ = folder_.path() / "file";
  fs::path moved_ = folder_.path() / "moved";
};

TEST_F(FileIdentityTest, DetectsADeletedOrReplacedFile) {
  make();
  FileIdentity identity(file_);
  EXPECT_EQ(error_of(identity), "none");
  fs::rename(file_, moved_);
  EXPECT_EQ(error_of(identity), file_.string() + " has been deleted or moved while it was in use");
  make();
  EXPECT_EQ(error_of(identity), file_.string() + " has been replaced by another file while it was in use");
}

TEST_F(FileIdentityTest, AcceptsARestoredFile) {
  make();
  FileIdentity identity(file_);
  fs::rename(file_, moved_);
  EXPECT_NE(error_of(identity), "none");
  fs::rename(moved_, file_);
  EXPECT_EQ(error_of(identity), "none");
}

TEST_F(FileIdentityTest, AdoptsTheFirstFileFound) {
  FileIdentity identity(file_);
  EXPECT_NE(error_of(identity), "none");
  make();
  EXPECT_EQ(error_of(identity), "none");
  fs::remove(file_);
  EXPECT_NE(error_of(identity), "none");
}

}  // namespace
}  // namespace coroom::detail::storage
